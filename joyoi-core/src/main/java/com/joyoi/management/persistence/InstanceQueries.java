package com.joyoi.management.persistence;

import com.joyoi.management.instance.ExecutionKey;
import com.joyoi.management.instance.InstanceRepository.Execution;
import com.joyoi.management.listing.Listing;
import com.joyoi.management.listing.Pages;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceFilter;
import com.joyoi.management.model.InstanceStatus;
import java.util.Collection;
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

  Listing<Instance> listing(InstanceFilter filter) {
    return Pages.of(new InstancePages(database, filter), filter.after(), filter.limit());
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

  List<UUID> leftBy(String service, Collection<String> registered, int limit) {
    var classes = registered.isEmpty() ? "" : " OR name IN (<names>)";
    return database.inTransaction(
        "listing instances that a service has left",
        handle -> {
          var query =
              handle
                  .createQuery(
                      """
                      SELECT id FROM joyoi_instance
                      WHERE service = :service AND status = :status
                        AND (state_machine_hash IS NOT NULL%s)
                      ORDER BY id LIMIT :limit
                      """
                          .formatted(classes))
                  .bind("service", service)
                  .bind("status", InstanceStatus.RUNNING.wireName())
                  .bind("limit", limit);
          if (!registered.isEmpty()) {
            query.bindList("names", List.copyOf(registered));
          }
          return query.map((row, context) -> Columns.uuid(row, "id")).list();
        });
  }

  Set<UUID> running(Collection<UUID> ids) {
    return database.inTransaction(
        "looking for running instances",
        handle -> {
          var running = new HashSet<UUID>();
          for (var batch : Batches.of(ids.stream().map(UUID::toString).toList(), BATCH)) {
            handle
                .createQuery(
                    "SELECT id FROM joyoi_instance WHERE id IN (<ids>) AND status = :status")
                .bindList("ids", batch)
                .bind("status", InstanceStatus.RUNNING.wireName())
                .map((row, context) -> Columns.uuid(row, "id"))
                .forEach(running::add);
          }
          return running;
        });
  }

  Set<ExecutionKey> owned(String service) {
    return database.inTransaction(
        "looking for lost executions",
        handle ->
            handle
                .createQuery(
                    """
                    SELECT id, execution_key FROM joyoi_instance
                    WHERE service = :service AND status = :status
                    """)
                .bind("service", service)
                .bind("status", InstanceStatus.RUNNING.wireName())
                .map(
                    (row, context) ->
                        new ExecutionKey(Columns.uuid(row, "id"), row.getString("execution_key")))
                .set());
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

  Optional<Execution> execution(ExecutionKey key) {
    return database.inTransaction(
        "reading the execution of instance " + key.instanceId(),
        handle ->
            InstanceRow.find(handle, key.instanceId())
                .filter(
                    row ->
                        row.status() == InstanceStatus.RUNNING
                            && row.executionKey().equals(key.key()))
                .map(row -> execution(handle, key.instanceId())));
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
        runs.stream().filter(run -> run.run().endTime() != null).map(RunRow::toRecorded).toList(),
        SourcePins.of(handle, id),
        row.used());
  }
}
