package com.joyoi.management.engine;

import com.joyoi.management.instance.ExecutionKey;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The executions of this service, from their start until their last run is over. Thread-safe. */
final class RunningInstances {
  private final Map<UUID, InstanceExecution> running = new ConcurrentHashMap<>();

  /**
   * Of executions that are over, until none of their runs is left; the stop waits for those too.
   */
  private final Set<ActiveRuns> ending = ConcurrentHashMap.newKeySet();

  private final Consumer<UUID> onDrained;

  /**
   * @param onDrained told of each instance whose execution is over when none of its runs is left
   */
  RunningInstances(Consumer<UUID> onDrained) {
    this.onDrained = onDrained;
  }

  int size() {
    return running.size();
  }

  boolean contains(UUID id) {
    return running.containsKey(id);
  }

  Set<UUID> ids() {
    return running.keySet();
  }

  Optional<ExecutionKey> key(UUID id) {
    return Optional.ofNullable(running.get(id)).map(InstanceExecution::key);
  }

  List<ExecutionKey> keys() {
    return running.values().stream().map(InstanceExecution::key).toList();
  }

  /** All of them, as they come and go. */
  Collection<InstanceExecution> executions() {
    return running.values();
  }

  /** The threads on which state machines run now. */
  Map<UUID, Thread> machines() {
    var machines = new HashMap<UUID, Thread>();
    running.forEach(
        (id, execution) -> {
          var thread = execution.thread();
          if (thread != null) {
            machines.put(id, thread);
          }
        });
    return machines;
  }

  /**
   * Puts an execution in the place of its instance, and runs no code of it.
   *
   * @return ends the one that had the place, if any; that may run code of the program
   */
  Runnable put(InstanceExecution execution) {
    var before = running.put(execution.id(), execution);
    return before == null ? () -> {} : () -> end(before, "the instance was started anew");
  }

  /** Cancels an execution that is over, with the runs that it left behind. */
  void end(InstanceExecution execution, String reason) {
    running.remove(execution.id(), execution);
    execution.cancellation().cancel(reason);
    var activeRuns = execution.activeRuns();
    ending.add(activeRuns);
    var unused =
        activeRuns
            .drain()
            .whenComplete(
                (done, error) -> {
                  ending.remove(activeRuns);
                  onDrained.accept(execution.id());
                });
  }

  /** Cancels whatever runs of an instance. */
  void cancel(UUID id, String reason) {
    var found = running.remove(id);
    if (found != null) {
      end(found, reason);
    }
  }

  /** Cancels the execution that has this key, unless a newer one has taken its place. */
  void cancel(ExecutionKey key, String reason) {
    var found = running.get(key.instanceId());
    if (found != null && found.key().equals(key)) {
      end(found, reason);
    }
  }

  /** Lets runs that have a container end, gives up the others; false when time ran out. */
  boolean drain(Duration patience) {
    return ActiveRuns.awaitEnd(
        running.values().stream().map(InstanceExecution::activeRuns).toList(), patience);
  }

  /**
   * Waits until no run is left of executions that are over; false when time ran out. Containers are
   * removed behind that: the reaper waits for those.
   */
  boolean awaitEnding(Duration patience) {
    return ActiveRuns.awaitEnd(List.copyOf(ending), patience);
  }
}
