package com.joyoi.management.persistence;

import com.joyoi.management.instance.InstanceRepository.NewRun;
import com.joyoi.management.instance.InstanceRepository.RecordedRun;
import com.joyoi.management.instance.InstanceRepository.RunEnd;
import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.ActorStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** A row of {@code joyoi_run}. */
record RunRow(UUID instanceId, UUID id, int stageEntry, ActorRun run) {
  /** Instances whose runs one statement reads: long lists of ids make slow plans. */
  private static final int BATCH = 500;

  /** Between a container's id and its name, which share a column; neither can hold it. */
  private static final String NAME_FOLLOWS = " ";

  static String container(String id, String name) {
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
            idAndName.length > 1 ? idAndName[1] : null));
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

  /** Adds a run that starts; the instance's row is locked, so that no number is given twice. */
  static void insert(Handle handle, UUID instance, NewRun run, Instant now) {
    handle
        .createUpdate(
            """
            INSERT INTO joyoi_run (instance_id, run_number, id, actor, status, stage, stage_entry,
              tag, inputs, outputs, exceptions, used_node, used_container, start_time, end_time)
            SELECT :instance, COALESCE(MAX(run_number), 0) + 1, :id, :actor, :status, :stage,
              :stageEntry, :tag, :inputs, '[]', '[]', NULL, NULL, :now, NULL
            FROM joyoi_run WHERE instance_id = :instance
            """)
        .bind("instance", instance.toString())
        .bind("id", run.id().toString())
        .bind("actor", run.actor())
        .bind("status", ActorStatus.RUNNING.wireName())
        .bind("stage", run.stage())
        .bind("stageEntry", run.stageEntry())
        .bind("tag", run.tag())
        .bind("inputs", Columns.json(run.inputs()))
        .bind("now", Columns.time(now))
        .execute();
  }

  static void end(Handle handle, UUID id, RunEnd end, Instant now) {
    handle
        .createUpdate(
            """
            UPDATE joyoi_run SET status = :status, outputs = :outputs, exceptions = :exceptions,
              end_time = :now WHERE id = :id
            """)
        .bind("id", id.toString())
        .bind("status", (end.succeeded() ? ActorStatus.SUCCEEDED : ActorStatus.FAILED).wireName())
        .bind("outputs", Columns.json(end.outputs()))
        .bind("exceptions", Columns.json(end.exceptions()))
        .bind("now", Columns.time(now))
        .execute();
  }

  RecordedRun toRecorded() {
    return new RecordedRun(id, stageEntry, run);
  }
}
