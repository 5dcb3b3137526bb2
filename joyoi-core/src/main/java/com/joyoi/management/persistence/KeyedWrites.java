package com.joyoi.management.persistence;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.instance.ExecutionKey;
import com.joyoi.management.instance.InstanceEvents;
import com.joyoi.management.instance.InstanceRepository.NewRun;
import com.joyoi.management.instance.InstanceRepository.RunEnd;
import com.joyoi.management.instance.StaleExecutionException;
import com.joyoi.management.model.ActorStatus;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.InstanceStatus;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Writes of the execution that owns an instance. Each begins with an update of the instance's row
 * under the key: a row count of 0 refuses the write, 1 holds the row until the transaction ends, so
 * that all writers of an instance come one after the other.
 */
final class KeyedWrites {
  private static final List<String> CUT_OFF = List.of("cancelled, since the instance had ended");

  private final Database database;
  private final BlobReferences references;
  private final SourcePins pins;

  KeyedWrites(Database database) {
    this.database = database;
    this.references = new BlobReferences(database.dialect());
    this.pins = new SourcePins(database.dialect());
  }

  int enterStage(ExecutionKey key, String stage) {
    StageEntries.requireName(stage);
    var token = UUID.randomUUID().toString();
    return database.inTransaction(
        what(key, "entering stage '" + stage + "'"),
        (handle, repeated) -> {
          own(handle, key, "entering stage '" + stage + "'");
          if (repeated) {
            var before = StageEntries.writtenBy(handle, key.instanceId(), token);
            if (before.isPresent()) {
              return before.get();
            }
          }
          handle
              .createUpdate(
                  "UPDATE joyoi_instance SET stage = :stage, stage_entry = stage_entry + 1"
                      + " WHERE id = :id")
              .bind("id", key.instanceId().toString())
              .bind("stage", stage)
              .execute();
          var entry = InstanceRow.find(handle, key.instanceId()).orElseThrow().stageEntry();
          StageEntries.insert(handle, key.instanceId(), entry, stage, token);
          append(handle, key, InstanceEvents.STAGE, Map.of("stage", stage));
          return entry;
        });
  }

  String pinActor(ExecutionKey key, String actor, String sourceHash) {
    var event = "pinning actor '" + actor + "'";
    return database.inTransaction(
        what(key, event),
        handle -> {
          own(handle, key, event);
          var pinned = SourcePins.find(handle, key.instanceId(), actor);
          if (pinned.isEmpty()) {
            pins.insert(handle, key.instanceId(), actor, sourceHash);
          }
          return pinned.orElse(sourceHash);
        });
  }

  void startRun(ExecutionKey key, NewRun run) {
    var event = "the start of run " + run.id();
    write(
        key,
        event,
        handle -> {
          if (RunRow.find(handle, key.instanceId(), run.id()).isPresent()) {
            return;
          }
          RunRow.insert(handle, key.instanceId(), run, database.now());
          refer(handle, key, run.id(), run.inputs(), "inputs");
          append(
              handle,
              key,
              InstanceEvents.ACTOR_STARTED,
              RunEvents.started(run.id(), run.actor(), run.stage(), run.tag()));
        });
  }

  void placeRun(
      ExecutionKey key, UUID runId, String node, String containerId, String containerName) {
    write(
        key,
        "the place of run " + runId,
        handle ->
            requireRun(
                key,
                runId,
                handle
                    .createUpdate(
                        """
                        UPDATE joyoi_run SET used_node = :node, used_container = :container
                        WHERE id = :id AND instance_id = :instance
                        """)
                    .bind("id", runId.toString())
                    .bind("instance", key.instanceId().toString())
                    .bind("node", node)
                    .bind("container", RunRow.container(containerId, containerName))
                    .execute()));
  }

  void endRun(ExecutionKey key, UUID runId, RunEnd end) {
    write(
        key,
        "the end of run " + runId,
        handle -> {
          var run = RunRow.find(handle, key.instanceId(), runId);
          requireRun(key, runId, run.isPresent() ? 1 : 0);
          var started = run.orElseThrow().run();
          if (started.endTime() != null) {
            return;
          }
          RunRow.end(handle, runId, end, database.now());
          refer(handle, key, runId, end.outputs(), "outputs");
          handle
              .createUpdate("UPDATE joyoi_instance SET re_run_times = 0 WHERE id = :id")
              .bind("id", key.instanceId().toString())
              .execute();
          append(
              handle,
              key,
              InstanceEvents.ACTOR_ENDED,
              RunEvents.ended(runId, started, end.succeeded()));
        });
  }

  void referTo(ExecutionKey key, Collection<UUID> blobs) {
    write(
        key,
        "a reference to blobs",
        handle -> references.add(handle, key.instanceId(), key.instanceId(), blobs, "blobs"));
  }

  void note(ExecutionKey key, @Nullable String text) {
    write(
        key,
        "a note",
        handle ->
            handle
                .createUpdate("UPDATE joyoi_instance SET exception = :text WHERE id = :id")
                .bind("id", key.instanceId().toString())
                .bind("text", text)
                .execute());
  }

  void finish(ExecutionKey key, InstanceStatus status, @Nullable String exception) {
    if (status == InstanceStatus.RUNNING) {
      throw JoyoiException.invalid("status", status, "one that an instance ends with");
    }
    database.inTransaction(
        what(key, "the end"),
        (handle, repeated) -> {
          if (!repeated || !endedBefore(handle, key, status)) {
            own(handle, key, "the end");
            end(handle, key, status, exception);
          }
          return true;
        });
  }

  private void end(
      Handle handle, ExecutionKey key, InstanceStatus status, @Nullable String exception) {
    handle
        .createUpdate(
            """
            UPDATE joyoi_instance SET status = :status, exception = :exception, end_time = :now,
              stage = CASE WHEN :succeeded THEN 'Finished' ELSE stage END,
              state_machine_hash = NULL
            WHERE id = :id
            """)
        .bind("id", key.instanceId().toString())
        .bind("status", status.wireName())
        .bind("succeeded", status == InstanceStatus.SUCCEEDED)
        .bind("exception", exception)
        .bind("now", Columns.time(database.now()))
        .execute();
    handle
        .createUpdate(
            """
            UPDATE joyoi_run SET status = :status, exceptions = :exceptions, end_time = :now
            WHERE instance_id = :id AND end_time IS NULL
            """)
        .bind("id", key.instanceId().toString())
        .bind("status", ActorStatus.FAILED.wireName())
        .bind("exceptions", Columns.json(CUT_OFF))
        .bind("now", Columns.time(database.now()))
        .execute();
    // What has ended runs again with the definitions of then only: it keeps no source.
    SourcePins.drop(handle, key.instanceId());
    append(handle, key, InstanceEvents.ENDED, Map.of("status", status.wireName()));
  }

  private static boolean endedBefore(Handle handle, ExecutionKey key, InstanceStatus status) {
    return InstanceRow.find(handle, key.instanceId())
        .filter(row -> row.executionKey().equals(key.key()) && row.status() == status)
        .isPresent();
  }

  private void refer(
      Handle handle, ExecutionKey key, UUID owner, List<BlobReference> blobs, String field) {
    references.add(
        handle, key.instanceId(), owner, blobs.stream().map(BlobReference::id).toList(), field);
  }

  private void append(Handle handle, ExecutionKey key, String type, Map<String, ?> data) {
    EventLog.append(handle, key.instanceId(), type, data, database.now());
  }

  private void write(ExecutionKey key, String event, Consumer<Handle> work) {
    database.run(
        what(key, event),
        handle -> {
          own(handle, key, event);
          work.accept(handle);
        });
  }

  private static void own(Handle handle, ExecutionKey key, String event) {
    var owned =
        handle
            .createUpdate(
                """
                UPDATE joyoi_instance SET writes = writes + 1
                WHERE id = :id AND execution_key = :key AND status = :status
                """)
            .bind("id", key.instanceId().toString())
            .bind("key", key.key())
            .bind("status", InstanceStatus.RUNNING.wireName())
            .execute();
    if (owned == 0) {
      throw new StaleExecutionException(key, event);
    }
  }

  private static void requireRun(ExecutionKey key, UUID runId, int rows) {
    if (rows == 0) {
      throw JoyoiException.notFound(
          "instance " + key.instanceId() + " has no run " + runId + "; nothing was changed");
    }
  }

  private static String what(ExecutionKey key, String event) {
    return "instance " + key.instanceId() + ": " + event;
  }
}
