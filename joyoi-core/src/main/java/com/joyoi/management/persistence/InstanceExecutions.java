package com.joyoi.management.persistence;

import com.joyoi.management.instance.ExecutionKey;
import com.joyoi.management.instance.InstanceEvents;
import com.joyoi.management.instance.InstanceRepository.Execution;
import com.joyoi.management.instance.InstanceRepository.NewInstance;
import com.joyoi.management.instance.InstanceRepository.RunPlace;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.model.Limitation;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Writes that give an instance to a new execution, or remove it. A repeated write recognises its
 * own by the execution key, which is made before the first try.
 */
final class InstanceExecutions {
  /** The stage in which every instance begins. */
  static final String INITIAL_STAGE = "Start";

  private final Database database;
  private final SharedWrites writes;

  InstanceExecutions(Database database, SharedWrites writes) {
    this.database = database;
    this.writes = writes;
  }

  /**
   * Stores a new instance.
   *
   * @param first done in the same transaction, before anything else
   */
  Execution create(NewInstance instance, Consumer<Handle> first) {
    var key = UUID.randomUUID().toString();
    var now = Columns.stored(database.now());
    var request = instance.request();
    var row =
        new InstanceRow(
            instance.id(),
            request.name(),
            instance.service(),
            InstanceStatus.RUNNING,
            INITIAL_STAGE,
            0,
            key,
            instance.stateMachineHash(),
            request.initialBlobs(),
            Objects.requireNonNullElse(request.limitation(), Limitation.NONE),
            request.parameters(),
            request.priority(),
            0,
            null,
            now,
            null,
            Duration.ZERO);
    return writes.write(
        new SharedWrite<>(
            "storing instance " + instance.id(),
            instance.id(),
            null,
            handle ->
                InstanceRow.find(handle, instance.id())
                    .filter(stored -> stored.executionKey().equals(key))
                    .map(stored -> InstanceQueries.execution(handle, instance.id())),
            transaction -> {
              first.accept(transaction.handle());
              if (instance.stateMachineHash() != null) {
                transaction.need(instance.stateMachineHash());
              }
              transaction.insert(row);
              LateStarts.row(instance.id(), now)
                  .ifPresent(late -> transaction.add(LateStarts.INSERT, late));
              transaction.add(
                  StageEntries.INSERT, StageEntries.row(instance.id(), 0, INITIAL_STAGE, key));
              transaction.refer(
                  instance.id(),
                  instance.id(),
                  request.initialBlobs().stream().map(BlobReference::id).toList(),
                  "initialBlobs");
              transaction.event(
                  instance.id(), InstanceEvents.STAGE, Map.of("stage", INITIAL_STAGE));
              return new Execution(
                  new ExecutionKey(instance.id(), key),
                  row.toInstance(List.of()),
                  instance.stateMachineHash(),
                  0,
                  List.of(),
                  Map.of(),
                  Duration.ZERO);
            }),
        database);
  }

  Optional<Execution> takeUp(
      ExecutionKey newKey, String fromService, String byService, boolean blamed) {
    var id = newKey.instanceId();
    var key = newKey.key();
    return database.inTransaction(
        "taking up instance " + id,
        handle -> {
          var row = InstanceRow.lock(handle, id);
          if (row.isEmpty() || row.get().status() != InstanceStatus.RUNNING) {
            return Optional.empty();
          }
          if (!row.get().executionKey().equals(key)) {
            if (!row.get().service().equals(fromService)) {
              return Optional.empty();
            }
            handle
                .createUpdate(
                    """
                    UPDATE joyoi_instance SET execution_key = :key, service = :service,
                      re_run_times = re_run_times + :blamed, exception = NULL,
                      writes = writes + 1
                    WHERE id = :id
                    """)
                .bind("id", id.toString())
                .bind("key", key)
                .bind("service", byService)
                .bind("blamed", blamed ? 1 : 0)
                .execute();
            dropRuns(handle, id, Integer.MAX_VALUE);
          }
          return Optional.of(InstanceQueries.execution(handle, id));
        });
  }

  Optional<Execution> restart(
      UUID id,
      String stage,
      @Nullable Map<String, @Nullable String> parameters,
      @Nullable String stateMachineHash,
      String byService,
      Consumer<RunPlace> cutOff) {
    StageEntries.requireName(stage);
    var key = UUID.randomUUID().toString();
    var now = Columns.stored(database.now());
    var goingOn = new HashSet<RunPlace>();
    Optional<Execution> restarted =
        database.inTransaction(
            "restarting instance " + id,
            handle -> {
              var row = InstanceRow.lock(handle, id);
              if (row.isEmpty()) {
                return Optional.empty();
              }
              if (!row.get().executionKey().equals(key)) {
                goingOn.clear();
                goingOn.addAll(goingOn(handle, row.get()));
                var entry = StageEntries.cutBack(handle, id, stage);
                StageEntries.insert(handle, id, entry, stage, key);
                dropRuns(handle, id, entry);
                SourcePins.drop(handle, id);
                SourcePins.lock(handle, database.dialect(), stateMachineHash);
                handle
                    .createUpdate(
                        """
                    UPDATE joyoi_instance SET execution_key = :key, service = :service,
                      status = :status, stage = :stage, stage_entry = :entry,
                      state_machine_hash = :hash, parameters = :parameters, re_run_times = 0,
                      used_millis = 0,
                      exception = NULL, start_time = :now, end_time = NULL, writes = writes + 1,
                      last_event = last_event + 1
                    WHERE id = :id
                    """)
                    .bind("id", id.toString())
                    .bind("key", key)
                    .bind("service", byService)
                    .bind("status", InstanceStatus.RUNNING.wireName())
                    .bind("stage", stage)
                    .bind("entry", entry)
                    .bind("hash", stateMachineHash)
                    .bind(
                        "parameters",
                        Columns.json(
                            Objects.requireNonNullElse(parameters, row.get().parameters())))
                    .bind("now", Columns.time(now))
                    .execute();
                LateStarts.note(handle, id, now);
                EventLog.append(handle, id, InstanceEvents.STAGE, Map.of("stage", stage), now);
              }
              return Optional.of(InstanceQueries.execution(handle, id));
            });
    goingOn.forEach(cutOff);
    return restarted;
  }

  /** Runs of an instance whose row is locked, so that none of them can record its end any more. */
  private static List<RunPlace> goingOn(Handle handle, InstanceRow row) {
    return row.status() == InstanceStatus.RUNNING ? RunRow.places(handle, row.id()) : List.of();
  }

  boolean delete(UUID id, Consumer<RunPlace> cutOff) {
    return delete(id, row -> true, cutOff);
  }

  /** Removes an instance when its row, locked, is as wished. */
  private boolean delete(UUID id, Predicate<InstanceRow> wished, Consumer<RunPlace> cutOff) {
    var now = Columns.stored(database.now());
    // A repeated deletion finds nothing when the first one took place.
    var seen = new AtomicBoolean();
    var goingOn = new HashSet<RunPlace>();
    var deleted =
        database.inTransaction(
            "deleting instance " + id,
            handle -> {
              var row = InstanceRow.lock(handle, id).filter(wished);
              if (row.isPresent()) {
                seen.set(true);
                goingOn.clear();
                goingOn.addAll(goingOn(handle, row.get()));
                BlobReferences.removeAll(handle, id, now);
                handle
                    .createUpdate("DELETE FROM joyoi_instance WHERE id = :id")
                    .bind("id", id.toString())
                    .execute();
              }
              return seen.get();
            });
    goingOn.forEach(cutOff);
    return deleted;
  }

  int dropEnded(Instant before, int limit) {
    var candidates =
        database.inTransaction(
            "looking for old instances",
            handle ->
                handle
                    .createQuery(
                        """
                        SELECT id FROM joyoi_instance WHERE end_time < :before
                          AND NOT EXISTS (SELECT 1 FROM joyoi_callback c
                            WHERE c.instance_id = joyoi_instance.id AND c.status = 'Waiting')
                        ORDER BY end_time LIMIT :limit
                        """)
                    .bind("before", Columns.time(before))
                    .bind("limit", limit)
                    .map((row, context) -> Columns.uuid(row, "id"))
                    .list());
    // A restart may have come first: what the candidates said then does not count.
    return (int)
        candidates.stream()
            .filter(id -> delete(id, row -> hasEnded(row, before), place -> {}))
            .count();
  }

  private static boolean hasEnded(InstanceRow row, Instant before) {
    return row.status() != InstanceStatus.RUNNING
        && row.endTime() != null
        && row.endTime().isBefore(before);
  }

  /** Drops runs of a stage entry and later ones, and those that had not ended. */
  private void dropRuns(Handle handle, UUID id, int fromEntry) {
    var condition = " WHERE instance_id = :id AND (stage_entry >= :entry OR end_time IS NULL)";
    var dropped =
        handle
            .createQuery("SELECT id FROM joyoi_run" + condition)
            .bind("id", id.toString())
            .bind("entry", fromEntry)
            .map((row, context) -> Columns.uuid(row, "id"))
            .list();
    BlobReferences.remove(handle, id, dropped, database.now());
    handle
        .createUpdate("DELETE FROM joyoi_run" + condition)
        .bind("id", id.toString())
        .bind("entry", fromEntry)
        .execute();
  }
}
