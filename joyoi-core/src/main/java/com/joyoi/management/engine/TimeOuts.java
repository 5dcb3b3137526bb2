package com.joyoi.management.engine;

import com.joyoi.management.instance.InstanceRepository.Execution;
import com.joyoi.management.usercode.InstanceTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends instances that have used up their time. One look each second counts the time of all of them;
 * what is to be ended gets a virtual thread, and a platform one when that does not come to run. The
 * program's error handler is called in an execution of its own, on a new object: the program itself
 * may still be in a loop. Thread-safe.
 */
final class TimeOuts {
  static final Duration PERIOD = Duration.ofSeconds(1);

  /** Platform threads that a look begins at most. */
  private static final int HELPED_AT_ONCE = 16;

  private static final Logger log = LoggerFactory.getLogger(TimeOuts.class);

  private final EngineParts parts;
  private final RunningInstances running;
  private final StartOrder order;
  private final Executor threads;
  private final Function<Execution, InstanceExecution> executions;
  private final MachineRun machineRun;
  private final TakeUps takeUps;

  /** Those that were overdue at the last look, and had not been ended. */
  private Set<InstanceExecution> late = Set.of();

  /**
   * @param threads may block
   * @param executions makes one that is not known as running yet
   */
  TimeOuts(
      EngineParts parts,
      RunningInstances running,
      StartOrder order,
      Executor threads,
      Function<Execution, InstanceExecution> executions,
      MachineRun machineRun,
      TakeUps takeUps) {
    this.parts = parts;
    this.running = running;
    this.order = order;
    this.threads = threads;
    this.executions = executions;
    this.machineRun = machineRun;
    this.takeUps = takeUps;
  }

  /** Called from one thread at a time; does not block. */
  void look() {
    var now = parts.clock().instant();
    var overdue = new HashSet<InstanceExecution>();
    for (var execution : running.executions()) {
      execution.time().look(now, execution.couldRun());
      if (isOver(execution) && !execution.cancellation().isCancelled()) {
        overdue.add(execution);
      }
    }
    overdue.forEach(
        execution -> {
          if (!late.contains(execution)) {
            threads.execute(() -> end(execution));
          }
        });
    // Programs in loops may have every thread that virtual ones run on.
    overdue.stream()
        .filter(late::contains)
        .limit(HELPED_AT_ONCE)
        .forEach(
            execution ->
                Thread.ofPlatform()
                    .name("timeout-" + execution.id())
                    .daemon()
                    .start(() -> end(execution)));
    late = overdue;
  }

  boolean isOver(InstanceExecution execution) {
    return !execution.handlesError() && reason(execution, parts.clock().instant()) != null;
  }

  private static @Nullable String reason(InstanceExecution execution, Instant now) {
    var timeout = execution.limitation().instanceTimeout();
    if (timeout != null && execution.time().used().toMillis() >= timeout) {
      return "the instance exceeded InstanceTimeout (" + timeout + " ms)";
    }
    var lifetime = execution.limitation().instanceLifetime();
    var age = Duration.between(execution.instance().startTime(), now);
    if (lifetime != null && age.toMillis() >= lifetime) {
      return "the instance exceeded InstanceLifetime (" + lifetime + " ms)";
    }
    return null;
  }

  /** Stops its program and its actors, and calls its error handler; blocks until that has ended. */
  void end(InstanceExecution execution) {
    var reason = reason(execution, parts.clock().instant());
    if (reason == null || !execution.decide() || !execution.cancellation().cancel(reason)) {
      return;
    }
    log.warn("Instance {}: {}", execution.id(), reason);
    try {
      handling(execution)
          .ifPresentOrElse(
              handling ->
                  handling.runHere(
                      () -> machineRun.giveUp(handling, new InstanceTimeoutException(reason))),
              () -> running.end(execution, reason));
    } catch (RuntimeException e) {
      running.end(execution, reason);
      takeUps.again(execution, e);
    }
  }

  /** An execution under the same key that takes its place, unless somebody else has. */
  private Optional<InstanceExecution> handling(InstanceExecution execution) {
    Runnable[] endBefore = {() -> {}};
    var found =
        order.inTurn(
            execution.id(),
            () ->
                parts
                    .instances()
                    .execution(execution.key())
                    .map(
                        start -> {
                          var handling = executions.apply(start);
                          handling.enterErrorHandler();
                          endBefore[0] = running.put(handling);
                          return handling;
                        }));
    endBefore[0].run();
    if (takeUps.isStopped()) {
      found.ifPresent(handling -> handling.cancellation().cancel("the service is stopping"));
    }
    return found;
  }
}
