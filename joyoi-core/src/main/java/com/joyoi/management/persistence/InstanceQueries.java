package com.joyoi.management.persistence;

import com.joyoi.management.instance.ExecutionKey;
import com.joyoi.management.instance.InstanceRepository.Execution;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceFilter;
import com.joyoi.management.model.InstanceStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Reads instances with their runs. */
final class InstanceQueries {
  private static final int BATCH = 500;

  private final Database database;

  InstanceQueries(Database database) {
    this.database = database;
  }

  Optional<Instance> find(UUID id) {
    return database.inTransaction(
        "reading an instance",
        // The row first: an instance that ended before it was read has no run that goes on.
        handle ->
            InstanceRow.find(handle, id)
                .map(
                    row ->
                        row.toInstance(RunRow.of(handle, id).stream().map(RunRow::run).toList())));
  }

  List<Instance> list(InstanceFilter filter) {
    return database.inTransaction(
        "listing instances",
        handle -> {
          var rows = page(handle, filter);
          var runs = RunRow.of(handle, rows.stream().map(InstanceRow::id).toList());
          return rows.stream()
              .map(
                  row ->
                      row.toInstance(
                          runs.getOrDefault(row.id(), List.of()).stream()
                              .map(RunRow::run)
                              .toList()))
              .toList();
        });
  }

  private static List<InstanceRow> page(Handle handle, InstanceFilter filter) {
    var conditions = new ArrayList<String>();
    var values = new HashMap<String, Object>();
    if (filter.name() != null) {
      conditions.add("name = :name");
      values.put("name", filter.name());
    }
    if (filter.stage() != null) {
      conditions.add("stage = :stage");
      values.put("stage", filter.stage());
    }
    if (filter.status() != null) {
      conditions.add("status = :status");
      values.put("status", filter.status().wireName());
    }
    if (filter.startedFrom() != null) {
      conditions.add("start_time >= :startedFrom");
      values.put("startedFrom", Columns.time(filter.startedFrom()));
    }
    if (filter.finishedBefore() != null) {
      // What ended before a time started before it: one condition says both.
      conditions.add("start_time < :finishedBefore");
      values.put("finishedBefore", Columns.time(filter.finishedBefore()));
    }
    if (filter.after() != null) {
      conditions.add("id < :after");
      values.put("after", filter.after().toString());
    }
    var where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    return handle
        .createQuery("SELECT * FROM joyoi_instance" + where + " ORDER BY id DESC LIMIT :limit")
        .bindMap(values)
        .bind("limit", filter.limit())
        .map((row, context) -> InstanceRow.read(row))
        .list();
  }

  List<UUID> running(String service) {
    return database.inTransaction(
        "listing running instances",
        handle ->
            handle
                .createQuery(
                    """
                    SELECT id FROM joyoi_instance
                    WHERE service = :service AND status = :status ORDER BY id
                    """)
                .bind("service", service)
                .bind("status", InstanceStatus.RUNNING.wireName())
                .map((row, context) -> Columns.uuid(row, "id"))
                .list());
  }

  long countRunning(String service) {
    return database.inTransaction(
        "counting running instances",
        handle ->
            handle
                .createQuery(
                    """
                    SELECT COUNT(*) FROM joyoi_instance
                    WHERE service = :service AND status = :status
                    """)
                .bind("service", service)
                .bind("status", InstanceStatus.RUNNING.wireName())
                .mapTo(Long.class)
                .one());
  }

  Set<ExecutionKey> lost(Collection<ExecutionKey> keys) {
    var lost = new HashSet<>(keys);
    database.run(
        "looking for lost executions",
        handle -> {
          var ids = keys.stream().map(key -> key.instanceId().toString()).toList();
          for (var batch : Batches.of(ids, BATCH)) {
            handle
                .createQuery(
                    """
                    SELECT id, execution_key FROM joyoi_instance
                    WHERE id IN (<ids>) AND status = :status
                    """)
                .bindList("ids", batch)
                .bind("status", InstanceStatus.RUNNING.wireName())
                .map(
                    (row, context) ->
                        new ExecutionKey(Columns.uuid(row, "id"), row.getString("execution_key")))
                .forEach(lost::remove);
          }
        });
    return lost;
  }

  /** The execution that owns an instance now. */
  static Execution execution(Handle handle, UUID id) {
    var row = InstanceRow.find(handle, id).orElseThrow();
    var runs = RunRow.of(handle, id);
    return new Execution(
        new ExecutionKey(id, row.executionKey()),
        row.toInstance(runs.stream().map(RunRow::run).toList()),
        row.stateMachineHash(),
        row.stageEntry(),
        runs.stream().filter(run -> run.run().endTime() != null).map(RunRow::toRecorded).toList());
  }
}
