package com.joyoi.management.engine;

import com.joyoi.management.instance.StaleExecutionException;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceStatus;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of an execution that is over. Thread-safe; blocks for the database. */
final class Endings implements MachineRun.Ends {
  private static final Logger log = LoggerFactory.getLogger(Endings.class);

  private final EngineParts parts;
  private final EndWrites ends;
  private final RunningInstances running;
  private final TakeUps takeUps;
  private final BiConsumer<InstanceExecution, Optional<Instance>> onEnd;

  /**
   * @param onEnd told of each instance that has ended or is somebody else's, with how it is stored
   *     where that is known
   */
  Endings(
      EngineParts parts,
      RunningInstances running,
      TakeUps takeUps,
      BiConsumer<InstanceExecution, Optional<Instance>> onEnd) {
    this.parts = parts;
    ends = new EndWrites(parts);
    this.running = running;
    this.takeUps = takeUps;
    this.onEnd = onEnd;
  }

  @Override
  public void concluded(
      InstanceExecution execution, InstanceStatus status, @Nullable String exception) {
    if (execution.cancellation().isCancelled() || !execution.decide()) {
      return;
    }
    Optional<Instance> ended = Optional.empty();
    try {
      var endTime = ends.finish(execution, status, exception);
      ended = execution.ended(status, endTime);
    } catch (StaleExecutionException e) {
      log.debug("{}", e.getMessage());
    } catch (RuntimeException e) {
      suspended(execution, e);
      return;
    }
    // Actors that the program did not wait for must not outlive the instance.
    running.end(execution, exception == null ? "the instance has ended" : exception);
    onEnd.accept(execution, ended);
  }

  /** Its result does not count, and it is taken up again. */
  @Override
  public void suspended(InstanceExecution execution, RuntimeException fault) {
    var reason = "suspended: " + fault.getMessage();
    if (execution.cancellation().cancel(reason)) {
      running.end(execution, reason);
      takeUps.again(execution, fault);
    }
  }

  /**
   * A lack of memory is nobody's result: who met it need not be who has the memory. What runs the
   * service may end it; else the instance is tried again as a suspect.
   */
  @Override
  public void outOfMemory(InstanceExecution execution, OutOfMemoryError error) {
    try {
      log.error(
          "Instance {} met a lack of memory: nothing in this process is sure", execution.id());
    } finally {
      parts.onOutOfMemory().run();
    }
    var reason = "suspended: " + error;
    if (execution.cancellation().cancel(reason)) {
      running.end(execution, reason);
      takeUps.accused(execution.id());
    }
  }
}
