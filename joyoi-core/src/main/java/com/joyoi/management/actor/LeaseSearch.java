package com.joyoi.management.actor;

import com.joyoi.management.concurrent.Cancellation;
import com.joyoi.management.docker.DockerException;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.node.NodeLease;
import com.joyoi.management.node.NodePool;
import com.joyoi.management.node.NodePool.LeaseRequest;
import com.joyoi.management.node.SandboxFailedException;
import com.joyoi.management.node.SandboxWish;
import com.joyoi.management.runner.NodeFaultException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that one run is tried on: each time one that has not failed it, as long as there is
 * one, and at the same place in the queue. Not thread-safe.
 */
final class LeaseSearch {
  /**
   * How long a run waits for a node that has not failed it. Past this those that did are as good:
   * the others may be down for days.
   */
  private static final Duration PATIENCE_FOR_OTHERS = Duration.ofSeconds(10);

  /** A node that is down for less has only been started again. */
  private static final Duration FIRST_LOOK = Duration.ofSeconds(3);

  /** Seldom enough for tens of thousands that wait. */
  private static final Duration NEXT_LOOK = Duration.ofSeconds(60);

  private static final Duration WITHOUT_END = Duration.ofDays(365);

  private final NodePool pool;
  private final ActorTask task;
  private final @Nullable SandboxWish wish;
  private final Cancellation cancellation;
  private final Set<String> failed = new LinkedHashSet<>();

  /** The place in the queue; 0 for the last. */
  private long number;

  /**
   * @param wish for a sandbox, null for a container of its own
   */
  LeaseSearch(
      NodePool pool, ActorTask task, @Nullable SandboxWish wish, Cancellation cancellation) {
    this.pool = pool;
    this.task = task;
    this.wish = wish;
    this.cancellation = cancellation;
  }

  void failedOn(String node) {
    failed.add(node);
  }

  /**
   * Blocks until there is one.
   *
   * @throws NodeFaultException when a node could not make a sandbox
   * @throws DockerException refused, when the run can have no sandbox
   */
  NodeLease next() {
    var lease = search();
    number = lease.number();
    return lease;
  }

  private NodeLease search() {
    if (!failed.isEmpty()
        && pool.connections().stream().anyMatch(node -> !failed.contains(node.name()))) {
      var elsewhere = acquire(failed, PATIENCE_FOR_OTHERS);
      if (elsewhere.isPresent()) {
        return elsewhere.get();
      }
    }
    return acquire(Set.of(), WITHOUT_END).orElseThrow();
  }

  /** Empty when the patience has ended first; the wish is withdrawn then. */
  private Optional<NodeLease> acquire(Set<String> avoid, Duration patience) {
    cancellation.throwIfCancelled();
    var future =
        pool.acquire(
            new LeaseRequest(
                task.priority(),
                "instance " + task.instanceId() + ", actor " + task.actor(),
                avoid,
                number,
                wish));
    try (var ignored = cancellation.onCancel(() -> future.cancel(true))) {
      return Optional.of(await(future, patience));
    } catch (TimeoutException e) {
      // A grant that comes at this very moment counts.
      return future.cancel(true) ? Optional.empty() : Optional.of(future.join());
    } catch (ExecutionException e) {
      throw explained(e.getCause());
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this", e);
    }
  }

  private static RuntimeException explained(@Nullable Throwable cause) {
    if (cause instanceof SandboxFailedException failure) {
      return failure.getCause() instanceof DockerException docker && !docker.isNodeFault()
          ? docker
          : new NodeFaultException(failure.node(), String.valueOf(failure.getMessage()), failure);
    }
    return cause instanceof JoyoiException known ? known : new CompletionException(cause);
  }

  /** Tells from time to time why it waits, where it waits for more than a slot. */
  private NodeLease await(CompletableFuture<NodeLease> future, Duration patience)
      throws TimeoutException, ExecutionException, InterruptedException {
    var left = patience;
    for (var look = FIRST_LOOK; look.compareTo(left) < 0; look = NEXT_LOOK) {
      try {
        return future.get(look.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        pool.outage().ifPresent(task.placement()::waiting);
        left = left.minus(look);
      }
    }
    return future.get(left.toMillis(), TimeUnit.MILLISECONDS);
  }
}
