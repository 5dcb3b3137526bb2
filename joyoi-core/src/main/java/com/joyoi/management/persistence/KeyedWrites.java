package com.joyoi.management.persistence;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.instance.ExecutionKey;
import com.joyoi.management.instance.InstanceEvents;
import com.joyoi.management.instance.InstanceRepository.EndCallback;
import com.joyoi.management.instance.InstanceRepository.NewBlob;
import com.joyoi.management.instance.InstanceRepository.NewRun;
import com.joyoi.management.instance.InstanceRepository.RunEnd;
import com.joyoi.management.instance.InstanceRepository.RunPlace;
import com.joyoi.management.instance.InstanceRepository.RunStarts;
import com.joyoi.management.instance.StaleExecutionException;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.persistence.SharedWrite.OwnerUpdate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Writes of the execution that owns an instance. Each begins with an update of the instance's row
 * under the key, which counts the events, too: a row count of 0 refuses the write, 1 holds the row
 * until the transaction ends, so that all writers of an instance come one after the other.
 */
final class KeyedWrites {
  private static final String CUT_OFF =
      Columns.json(List.of("cancelled, since the instance had ended"));

  private static final String END_LEFT_RUNS =
      """
      UPDATE joyoi_run SET status = 'Failed', exceptions = :exceptions, end_time = :now
      WHERE instance_id = :id AND end_time IS NULL
      """;

  private final Database database;

  /** For what the instance can't go on without: an outage holds it up, and fails nothing. */
  private final Database patient;

  private final SharedWrites writes;

  KeyedWrites(Database database, SharedWrites writes) {
    this.database = database;
    this.patient = database.patient();
    this.writes = writes;
  }

  /** In a transaction of its own, since it is told what the row has come to. */
  int enterStage(ExecutionKey key, String stage, Duration used) {
    StageEntries.requireName(stage);
    var token = UUID.randomUUID().toString();
    var event = "entering stage '" + stage + "'";
    var owner =
        new OwnerUpdate(
            key,
            event,
            ", stage = :stage, stage_entry = stage_entry + 1, " + InstanceRow.USED,
            Map.of("stage", stage, "used", used.toMillis()),
            1);
    return patient.inTransaction(
        what(key, event),
        (handle, repeated) -> {
          var before =
              repeated
                  ? StageEntries.writtenBy(handle, key.instanceId(), token)
                  : Optional.<Integer>empty();
          return before.orElseGet(() -> enterStage(handle, key, stage, owner, token));
        });
  }

  private int enterStage(
      Handle handle, ExecutionKey key, String stage, OwnerUpdate owner, String token) {
    var id = key.instanceId();
    if (InstanceRow.own(handle, owner.changes(), List.of(owner))[0] == 0) {
      throw new StaleExecutionException(key, owner.event());
    }
    EventLog.append(handle, id, InstanceEvents.STAGE, Map.of("stage", stage), database.now());
    return StageEntries.insertNext(handle, id, stage, token);
  }

  void startRuns(ExecutionKey key, RunStarts starts) {
    var runs = starts.runs();
    if (runs.isEmpty()) {
      return;
    }
    var id = key.instanceId();
    write(
        key,
        runs.size() == 1
            ? "the start of run " + runs.getFirst().id()
            : "the start of " + runs.size() + " runs",
        "",
        Map.of(),
        runs.size(),
        handle -> RunRow.find(handle, id, runs.getFirst().id()).map(run -> true),
        transaction -> {
          starts
              .pins()
              .forEach(
                  (actor, hash) -> {
                    transaction.need(hash);
                    transaction.add(
                        SourcePins.INSERT,
                        Map.of("id", id.toString(), "actor", actor, "hash", hash));
                  });
          for (var run : runs) {
            var inputs = run.inputs().stream().map(BlobReference::id).toList();
            transaction.refer(id, id, inputs, "inputs", starts.newInputs()::contains);
            transaction.add(RunRow.INSERT, RunRow.start(id, run, transaction.now()));
            transaction.event(id, InstanceEvents.ACTOR_STARTED, RunEvents.started(run));
          }
          return true;
        });
  }

  void placeRun(ExecutionKey key, UUID run, RunPlace place) {
    tell(
        key,
        "the place of run " + run,
        "",
        Map.of(),
        transaction -> transaction.add(RunRow.PLACE, RunRow.place(key.instanceId(), run, place)));
  }

  List<BlobReference> endRun(ExecutionKey key, NewRun run, RunEnd end) {
    var id = key.instanceId();
    return write(
        key,
        "the end of run " + run.id(),
        ", re_run_times = 0, " + InstanceRow.USED,
        Map.of("used", end.used().toMillis()),
        1,
        handle ->
            RunRow.find(handle, id, run.id())
                .filter(row -> row.run().endTime() != null)
                .map(row -> row.run().outputs()),
        transaction -> {
          requireRun(transaction, key, run.id());
          var outputs = stored(transaction, end);
          transaction.refer(
              id, run.id(), outputs.stream().map(BlobReference::id).toList(), "outputs");
          transaction.addExact(
              RunRow.END, RunRow.end(id, run.id(), end, outputs, transaction.now()));
          transaction.event(id, InstanceEvents.ACTOR_ENDED, RunEvents.ended(run, end.succeeded()));
          return outputs;
        });
  }

  /** The outputs, with the ids of the blobs that have the new contents. */
  private static List<BlobReference> stored(WriteTransaction transaction, RunEnd end) {
    var ids = new HashMap<UUID, UUID>();
    for (var blob : end.contents()) {
      ids.put(blob.info().id(), transaction.store(blob));
    }
    return end.outputs().stream()
        .map(
            output ->
                new BlobReference(
                    ids.getOrDefault(output.id(), output.id()), output.name(), output.tag()))
        .toList();
  }

  void referTo(ExecutionKey key, Collection<UUID> blobs) {
    write(
        key,
        "a reference to blobs",
        "",
        Map.of(),
        0,
        handle -> Optional.<Boolean>empty(),
        transaction -> {
          transaction.refer(key.instanceId(), key.instanceId(), blobs, "blobs");
          return true;
        });
  }

  UUID store(ExecutionKey key, NewBlob blob) {
    return write(
        key,
        "an upload",
        "",
        Map.of(),
        0,
        handle -> Optional.empty(),
        transaction -> {
          var id = transaction.store(blob);
          transaction.refer(key.instanceId(), key.instanceId(), List.of(id), "blobs");
          return id;
        });
  }

  /** Those that own their instance no more are left out. */
  void recordUsed(Map<ExecutionKey, Duration> used) {
    if (used.isEmpty()) {
      return;
    }
    database.run(
        "storing how long instances have run",
        handle ->
            Statements.execute(
                handle,
                "UPDATE joyoi_instance SET "
                    + InstanceRow.USED
                    + " WHERE id = :id AND execution_key = :key",
                used.entrySet().stream()
                    .<Map<String, ?>>map(
                        it ->
                            Map.of(
                                "id", it.getKey().instanceId().toString(),
                                "key", it.getKey().key(),
                                "used", it.getValue().toMillis()))
                    .toList()));
  }

  void note(ExecutionKey key, @Nullable String text) {
    var values = new HashMap<String, @Nullable Object>();
    values.put("exception", text);
    tell(key, "a note", ", exception = :exception", values, transaction -> {});
  }

  Instant finish(
      ExecutionKey key,
      InstanceStatus status,
      @Nullable String exception,
      boolean usedActors,
      @Nullable EndCallback callback) {
    if (status == InstanceStatus.RUNNING) {
      throw JoyoiException.invalid("status", status, "one that an instance ends with");
    }
    var id = key.instanceId();
    var now = Columns.stored(database.now());
    var values = new HashMap<String, @Nullable Object>();
    values.put("newStatus", status.wireName());
    values.put("exception", exception);
    values.put("now", Columns.time(now));
    var stage =
        status == InstanceStatus.SUCCEEDED ? ", stage = '" + Instance.FINISHED_STAGE + "'" : "";
    return write(
        key,
        "the end",
        ", status = :newStatus, exception = :exception, end_time = :now,"
            + " state_machine_hash = NULL"
            + stage,
        values,
        1,
        handle -> endedBefore(handle, key, status),
        transaction -> {
          if (usedActors) {
            transaction.add(
                END_LEFT_RUNS,
                Map.of("id", id.toString(), "exceptions", CUT_OFF, "now", Columns.time(now)));
            // What has ended runs again with the definitions of then only: it keeps no source.
            transaction.add(SourcePins.DROP, Map.of("id", id.toString()));
          }
          if (callback != null) {
            transaction.add(DeliveryRow.INSERT, DeliveryRow.values(id, callback));
          }
          transaction.event(id, InstanceEvents.ENDED, Map.of("status", status.wireName()));
          return now;
        });
  }

  private static Optional<Instant> endedBefore(
      Handle handle, ExecutionKey key, InstanceStatus status) {
    return InstanceRow.find(handle, key.instanceId())
        .filter(row -> row.executionKey().equals(key.key()) && row.status() == status)
        .map(InstanceRow::endTime);
  }

  /** A write that only tells people something: nothing waits for the database to be back. */
  private void tell(
      ExecutionKey key,
      String event,
      String changes,
      Map<String, ?> values,
      Consumer<WriteTransaction> work) {
    writes.write(
        new SharedWrite<>(
            what(key, event),
            key.instanceId(),
            new OwnerUpdate(key, event, changes, values, 0),
            handle -> Optional.<Boolean>empty(),
            transaction -> {
              work.accept(transaction);
              return true;
            }),
        database);
  }

  private <T> T write(
      ExecutionKey key,
      String event,
      String changes,
      Map<String, ?> values,
      int events,
      Function<Handle, Optional<T>> done,
      Function<WriteTransaction, T> work) {
    return writes.write(
        new SharedWrite<>(
            what(key, event),
            key.instanceId(),
            new OwnerUpdate(key, event, changes, values, events),
            done,
            work),
        patient);
  }

  private static void requireRun(WriteTransaction transaction, ExecutionKey key, UUID run) {
    if (transaction.isCareful()
        && RunRow.find(transaction.handle(), key.instanceId(), run).isEmpty()) {
      throw JoyoiException.notFound(
          "instance " + key.instanceId() + " has no run " + run + "; nothing was changed");
    }
  }

  private static String what(ExecutionKey key, String event) {
    return "instance " + key.instanceId() + ": " + event;
  }
}
