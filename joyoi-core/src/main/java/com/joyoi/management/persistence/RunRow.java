package com.joyoi.management.persistence;

import com.joyoi.management.instance.InstanceRepository.NewRun;
import com.joyoi.management.instance.InstanceRepository.RecordedRun;
import com.joyoi.management.instance.InstanceRepository.RunEnd;
import com.joyoi.management.instance.InstanceRepository.RunPlace;
import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.ActorStatus;
import com.joyoi.management.model.BlobReference;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** A row of {@code joyoi_run}. */
record RunRow(UUID instanceId, UUID id, int stageEntry, ActorRun run, @Nullable String digest) {
  /** Instances whose runs one statement reads: long lists of ids make slow plans. */
  private static final int BATCH = 500;

  /** Between a container's id and its name, which share a column; neither can hold it. */
  private static final String NAME_FOLLOWS = " ";

  private static String container(String id, String name) {
    return id + NAME_FOLLOWS + name;
  }

  static RunRow read(ResultSet row) throws SQLException {
    var container = row.getString("used_container");
    // Rows of an earlier version have the id alone.
    var idAndName = container == null ? new String[] {null} : container.split(NAME_FOLLOWS, 2);
    return new RunRow(
        Columns.uuid(row, "instance_id"),
        Columns.uuid(row, "id"),
        row.getInt("stage_entry"),
        new ActorRun(
            row.getString("actor"),
            Columns.time(row, "start_time"),
            Columns.nullableTime(row, "end_time"),
            Columns.json(row, "inputs", Columns.BLOB_REFERENCES),
            Columns.json(row, "outputs", Columns.BLOB_REFERENCES),
            Columns.json(row, "exceptions", Columns.STRINGS),
            ActorStatus.parse(row.getString("status")),
            row.getString("stage"),
            row.getString("tag"),
            row.getString("used_node"),
            idAndName[0],
            idAndName.length > 1 ? idAndName[1] : null),
        row.getString("digest"));
  }

  /** Where runs of an instance are that have not ended, as far as it is recorded. */
  static List<RunPlace> places(Handle handle, UUID instance) {
    return handle
        .createQuery(
            """
            SELECT used_node, used_container FROM joyoi_run
            WHERE instance_id = :instance AND end_time IS NULL AND used_container IS NOT NULL
            """)
        .bind("instance", instance.toString())
        .map(
            (row, context) -> {
              var idAndName = row.getString("used_container").split(NAME_FOLLOWS, 2);
              return new RunPlace(
                  row.getString("used_node"), idAndName[0], idAndName[idAndName.length - 1]);
            })
        .list();
  }

  /** The runs of some instances, each list in the order of their start. */
  static Map<UUID, List<RunRow>> of(Handle handle, Collection<UUID> instances) {
    var runs = new TreeMap<UUID, List<RunRow>>();
    Batches.of(instances, BATCH)
        .forEach(
            batch ->
                handle
                    .createQuery(
                        """
                        SELECT * FROM joyoi_run WHERE instance_id IN (<ids>)
                        ORDER BY instance_id, run_number
                        """)
                    .bindList("ids", batch.stream().map(UUID::toString).toList())
                    .map((row, context) -> read(row))
                    .forEach(
                        run ->
                            runs.computeIfAbsent(run.instanceId(), id -> new ArrayList<>())
                                .add(run)));
    return runs;
  }

  static List<RunRow> of(Handle handle, UUID instance) {
    return of(handle, List.of(instance)).getOrDefault(instance, List.of());
  }

  static Optional<RunRow> find(Handle handle, UUID instance, UUID id) {
    return handle
        .createQuery("SELECT * FROM joyoi_run WHERE id = :id AND instance_id = :instance")
        .bind("id", id.toString())
        .bind("instance", instance.toString())
        .map((row, context) -> read(row))
        .findOne();
  }

  /** The instance's row is locked, so that no number is given twice. */
  static final String INSERT =
      """
      INSERT INTO joyoi_run (instance_id, run_number, id, actor, status, stage, stage_entry,
        tag, inputs, outputs, exceptions, used_node, used_container, start_time, end_time)
      SELECT :instance, COALESCE(MAX(run_number), 0) + 1, :id, :actor, 'Running', :stage,
        :stageEntry, :tag, :inputs, '[]', '[]', NULL, NULL, :now, NULL
      FROM joyoi_run WHERE instance_id = :instance
      """;

  static final String PLACE =
      """
      UPDATE joyoi_run SET used_node = :node, used_container = :container
      WHERE id = :id AND instance_id = :instance AND end_time IS NULL
      """;

  static final String END =
      """
      UPDATE joyoi_run SET status = :status, outputs = :outputs, exceptions = :exceptions,
        digest = :digest, used_node = COALESCE(:node, used_node),
        used_container = COALESCE(:container, used_container), end_time = :now
      WHERE id = :id AND instance_id = :instance AND end_time IS NULL
      """;

  /** The values of {@link #INSERT}. */
  static Map<String, ?> start(UUID instance, NewRun run, Instant now) {
    var values = new HashMap<String, @Nullable Object>();
    values.put("instance", instance.toString());
    values.put("id", run.id().toString());
    values.put("actor", run.actor());
    values.put("stage", run.stage());
    values.put("stageEntry", run.stageEntry());
    values.put("tag", run.tag());
    values.put("inputs", Columns.json(run.inputs()));
    values.put("now", Columns.time(now));
    return values;
  }

  /** The values of {@link #PLACE}; null for nowhere. */
  static Map<String, @Nullable Object> place(UUID instance, UUID run, @Nullable RunPlace place) {
    var values = new HashMap<String, @Nullable Object>();
    values.put("instance", instance.toString());
    values.put("id", run.toString());
    values.put("node", place == null ? null : place.node());
    values.put(
        "container", place == null ? null : container(place.containerId(), place.containerName()));
    return values;
  }

  /** The values of {@link #END}. */
  static Map<String, ?> end(
      UUID instance, UUID run, RunEnd end, List<BlobReference> outputs, Instant now) {
    var values = place(instance, run, end.place());
    values.put("status", (end.succeeded() ? ActorStatus.SUCCEEDED : ActorStatus.FAILED).wireName());
    values.put("outputs", Columns.json(outputs));
    values.put("exceptions", Columns.json(end.exceptions()));
    values.put("now", Columns.time(now));
    values.put("digest", end.digest());
    return values;
  }

  RecordedRun toRecorded() {
    return new RecordedRun(id, stageEntry, run, digest);
  }
}
