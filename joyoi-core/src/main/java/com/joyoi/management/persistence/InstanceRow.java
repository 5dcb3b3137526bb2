package com.joyoi.management.persistence;

import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.model.Limitation;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
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
    @Nullable Instant endTime) {

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
        Columns.nullableTime(row, "end_time"));
  }

  void insert(Handle handle) {
    handle
        .createUpdate(
            """
            INSERT INTO joyoi_instance (id, name, service, status, stage, stage_entry,
              execution_key, state_machine_hash, initial_blobs, limitation, parameters, priority,
              re_run_times, exception, start_time, end_time, writes, last_event)
            VALUES (:id, :name, :service, :status, :stage, :stageEntry, :executionKey,
              :stateMachineHash, :initialBlobs, :limitation, :parameters, :priority, :reRunTimes,
              NULL, :startTime, NULL, 0, 0)
            """)
        .bind("id", id.toString())
        .bind("name", name)
        .bind("service", service)
        .bind("status", status.wireName())
        .bind("stage", stage)
        .bind("stageEntry", stageEntry)
        .bind("executionKey", executionKey)
        .bind("stateMachineHash", stateMachineHash)
        .bind("initialBlobs", Columns.json(initialBlobs))
        .bind("limitation", Columns.json(limitation))
        .bind("parameters", Columns.json(parameters))
        .bind("priority", priority)
        .bind("reRunTimes", reRunTimes)
        .bind("startTime", Columns.time(startTime))
        .execute();
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
