package com.joyoi.management.actor;

import com.joyoi.management.concurrent.Cancellation;
import com.joyoi.management.concurrent.Timers;
import com.joyoi.management.docker.DockerException;
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
   * A node that failed is not used before it has answered again, so attempts are only spent on
   * nodes that answer but do not work. With the pauses below, eight of them take two minutes.
   */
  private static final int MAX_ATTEMPTS = 8;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final ActorRunner runner;
  private final ActorTask task;
  private final LeaseSearch search;
  private final Cancellation cancellation;
  private final Timers timers;
  private final Executor threads;
  private int number;
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

  private CompletableFuture<ActorResult> tried(CompletableFuture<NodeLease> lease) {
    try {
      return CompletableFuture.completedFuture(runner.attempt(task, found(lease), cancellation));
    } catch (DockerException e) {
      return failed(String.valueOf(e.getMessage()));
    } catch (NodeFaultException e) {
      return failedOnNode(e);
    }
  }

  /** What the search failed with is thrown as what an attempt would. */
  private static NodeLease found(CompletableFuture<NodeLease> lease) {
    try {
      return lease.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof SandboxFailedException failure) {
        throw failure.getCause() instanceof DockerException docker && !docker.isNodeFault()
            ? docker
            : new NodeFaultException(failure.node(), String.valueOf(failure.getMessage()), failure);
      }
      throw e.getCause() instanceof RuntimeException known ? known : e;
    }
  }

  private static CompletableFuture<ActorResult> failed(String reason) {
    return CompletableFuture.completedFuture(new ActorResult.Failed(reason));
  }

  private CompletableFuture<ActorResult> failedOnNode(NodeFaultException fault) {
    log.warn(
        "Instance {}: actor {} (run {}), attempt {} of {}: {}",
        task.instanceId(),
        task.actor(),
        task.runId(),
        number,
        MAX_ATTEMPTS,
        fault.getMessage());
    if (number == MAX_ATTEMPTS) {
      return failed(
          "no node could run it in " + MAX_ATTEMPTS + " attempts; the last: " + fault.getMessage());
    }
    search.failedOn(fault.node());
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
