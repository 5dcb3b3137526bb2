package com.joyoi.management.actor;

import com.joyoi.management.concurrent.Cancellation;
import com.joyoi.management.concurrent.Timers;
import com.joyoi.management.docker.DockerException;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.node.NodeLease;
import com.joyoi.management.node.SandboxFailedException;
import com.joyoi.management.runner.NodeFaultException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run, tried until it has a result, or has failed for good. It has a thread while it is tried,
 * and none while it waits for a node. Not thread-safe: one step follows the other.
 */
final class Attempts {
  private static final Logger log = LoggerFactory.getLogger(Attempts.class);

  /**
   * A node that fails runs rests, so these are spent where all do. With the pauses below they take
   * ten minutes; then the instance is suspended, and taken up again.
   */
  private static final int MAX_ATTEMPTS = 25;

  /**
   * One that nodes have failed so often may do it to them: from then on they are not blamed, or one
   * run would take each in turn from all others.
   */
  private static final int BLAMES = 2;

  /** Before that it is about to run elsewhere. */
  private static final int TOLD_FROM = 3;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final ActorRunner runner;
  private final ActorTask task;
  private final LeaseSearch search;
  private final Cancellation cancellation;
  private final Timers timers;
  private final Executor threads;
  private int number;
  private int faults;
  private Duration pause = FIRST_PAUSE;

  Attempts(
      ActorRunner runner,
      ActorTask task,
      LeaseSearch search,
      Cancellation cancellation,
      Timers timers,
      Executor threads) {
    this.runner = runner;
    this.task = task;
    this.search = search;
    this.cancellation = cancellation;
    this.timers = timers;
    this.threads = threads;
  }

  /** Blocks when there is a node for it at once; else it goes on on another thread. */
  CompletableFuture<ActorResult> next() {
    number++;
    var lease = search.next();
    return lease.isDone()
        ? tried(lease)
        : lease.handle((found, error) -> null).thenComposeAsync(searched -> tried(lease), threads);
  }

  private CompletableFuture<ActorResult> tried(CompletableFuture<NodeLease> search) {
    NodeLease lease;
    try {
      lease = search.join();
    } catch (CompletionException e) {
      return failedSearch(e);
    }
    try {
      return CompletableFuture.completedFuture(
          runner.attempt(task, lease, faults >= BLAMES, cancellation));
    } catch (DockerException e) {
      return refused(lease.node().name(), e);
    } catch (NodeFaultException e) {
      return failedOnNode(e);
    }
  }

  /** No sandbox could be made, or nothing can be had any more. */
  private CompletableFuture<ActorResult> failedSearch(CompletionException e) {
    if (!(e.getCause() instanceof SandboxFailedException failure)) {
      throw e.getCause() instanceof RuntimeException known ? known : e;
    }
    return failure.getCause() instanceof DockerException docker && !docker.isNodeFault()
        ? refused(failure.node(), docker)
        : failedOnNode(
            new NodeFaultException(failure.node(), String.valueOf(failure.getMessage()), failure));
  }

  /** What one node refuses, a limit for example, another may keep. */
  private CompletableFuture<ActorResult> refused(String node, DockerException refusal) {
    if (search.refusedBy(node)) {
      return next();
    }
    return CompletableFuture.completedFuture(
        new ActorResult.Failed(String.valueOf(refusal.getMessage())));
  }

  private CompletableFuture<ActorResult> failedOnNode(NodeFaultException fault) {
    faults++;
    log.warn(
        "Instance {}: actor {} (run {}), attempt {} of {}: {}",
        task.instanceId(),
        task.actor(),
        task.runId(),
        number,
        MAX_ATTEMPTS,
        fault.getMessage());
    if (faults == MAX_ATTEMPTS) {
      throw new JoyoiException(
          JoyoiException.Kind.UNAVAILABLE,
          "no node could run actor %s in %d attempts; the last: %s"
              .formatted(task.actor(), MAX_ATTEMPTS, fault.getMessage()),
          fault);
    }
    if (faults >= TOLD_FROM) {
      task.placement()
          .waiting("attempt " + number + " failed, and it is tried again: " + fault.getMessage());
    }
    search.failedOn(fault.node(), faults >= BLAMES);
    return afterPause().thenComposeAsync(over -> next(), threads);
  }

  /** Ends early when it is cancelled. */
  private CompletableFuture<Void> afterPause() {
    var over = new CompletableFuture<Void>();
    var timer = timers.after(pause, "next attempt", () -> over.complete(null));
    var early = cancellation.onCancel(() -> over.complete(null));
    pause =
        pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
    return over.whenComplete(
        (done, error) -> {
          timer.cancel();
          early.close();
        });
  }
}
