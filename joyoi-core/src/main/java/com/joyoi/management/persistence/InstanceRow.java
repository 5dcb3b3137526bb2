package com.joyoi.management.persistence;

import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.persistence.SharedWrite.OwnerUpdate;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** A row of {@code joyoi_instance}. */
record InstanceRow(
    UUID id,
    String name,
    String service,
    InstanceStatus status,
    String stage,
    int stageEntry,
    String executionKey,
    @Nullable String stateMachineHash,
    List<BlobReference> initialBlobs,
    Limitation limitation,
    Map<String, @Nullable String> parameters,
    int priority,
    int reRunTimes,
    @Nullable String exception,
    Instant startTime,
    @Nullable Instant endTime,
    Duration used) {

  /** A new instance has had one event: that it is in its first stage. */
  static final String INSERT =
      """
      INSERT INTO joyoi_instance (id, name, service, status, stage, stage_entry,
        execution_key, state_machine_hash, initial_blobs, limitation, parameters, priority,
        re_run_times, exception, start_time, end_time, writes, last_event)
      VALUES (:id, :name, :service, :status, :stage, :stageEntry, :executionKey,
        :stateMachineHash, :initialBlobs, :limitation, :parameters, :priority, :reRunTimes,
        NULL, :startTime, NULL, 0, 1)
      """;

  /** Behind a comma in an update: the time never goes back. */
  static final String USED = "used_millis = GREATEST(used_millis, :used)";

  /** The row, kept from changing until the transaction ends. */
  static Optional<InstanceRow> lock(Handle handle, UUID id) {
    return select(handle, id, " FOR UPDATE");
  }

  static Optional<InstanceRow> find(Handle handle, UUID id) {
    return select(handle, id, "");
  }

  private static Optional<InstanceRow> select(Handle handle, UUID id, String suffix) {
    return handle
        .createQuery("SELECT * FROM joyoi_instance WHERE id = :id" + suffix)
        .bind("id", id.toString())
        .map((row, context) -> read(row))
        .findOne();
  }

  static InstanceRow read(ResultSet row) throws SQLException {
    return new InstanceRow(
        Columns.uuid(row, "id"),
        row.getString("name"),
        row.getString("service"),
        InstanceStatus.parse(row.getString("status")),
        row.getString("stage"),
        row.getInt("stage_entry"),
        row.getString("execution_key"),
        row.getString("state_machine_hash"),
        Columns.json(row, "initial_blobs", Columns.BLOB_REFERENCES),
        Columns.limitation(row, "limitation"),
        Columns.json(row, "parameters", Columns.PARAMETERS),
        row.getInt("priority"),
        row.getInt("re_run_times"),
        row.getString("exception"),
        Columns.time(row, "start_time"),
        Columns.nullableTime(row, "end_time"),
        Duration.ofMillis(row.getLong("used_millis")));
  }

  /** The values of {@link #INSERT}. */
  Map<String, @Nullable Object> values() {
    var values = new HashMap<String, @Nullable Object>();
    values.put("id", id.toString());
    values.put("name", name);
    values.put("service", service);
    values.put("status", status.wireName());
    values.put("stage", stage);
    values.put("stageEntry", stageEntry);
    values.put("executionKey", executionKey);
    values.put("stateMachineHash", stateMachineHash);
    values.put("initialBlobs", Columns.json(initialBlobs));
    values.put("limitation", Columns.json(limitation));
    values.put("parameters", Columns.json(parameters));
    values.put("priority", priority);
    values.put("reRunTimes", reRunTimes);
    values.put("startTime", Columns.time(startTime));
    return values;
  }

  /**
   * Updates the rows of writes that the executions with these keys want to make, and holds them
   * until the transaction ends; a row count of 0 says that the key is stale.
   *
   * @param changes of all the writes, each with a comma before it
   */
  static int[] own(Handle handle, String changes, List<OwnerUpdate> updates) {
    return Statements.execute(
        handle,
        """
        UPDATE joyoi_instance SET writes = writes + 1, last_event = last_event + :events%s
        WHERE id = :id AND execution_key = :key AND status = 'Running'
        """
            .formatted(changes),
        updates.stream().<Map<String, ?>>map(InstanceRow::values).toList());
  }

  private static Map<String, ?> values(OwnerUpdate update) {
    var values = new HashMap<String, @Nullable Object>(update.values());
    values.put("id", update.key().instanceId().toString());
    values.put("key", update.key().key());
    values.put("events", update.events());
    return values;
  }

  Instance toInstance(List<ActorRun> runs) {
    return new Instance(
        id,
        name,
        status,
        stage,
        runs,
        initialBlobs,
        limitation,
        parameters,
        priority,
        service,
        reRunTimes,
        exception,
        executionKey,
        startTime,
        endTime);
  }
}
