package com.joyoi.management.actor;

import com.joyoi.management.concurrent.Cancellation;
import com.joyoi.management.concurrent.Timers;
import com.joyoi.management.node.NodeLease;
import com.joyoi.management.node.NodePool;
import com.joyoi.management.node.NodePool.LeaseRequest;
import com.joyoi.management.node.SandboxWish;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that one run is tried on: each time one that has not failed it, as long as there is
 * one, and at the same place in the queue. Confined to the run's thread of the moment; while it
 * searches there is none.
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

  private final NodePool pool;
  private final ActorTask task;
  private final @Nullable SandboxWish wish;
  private final Cancellation cancellation;
  private final Timers timers;
  private final Executor threads;
  private Set<String> failed = Set.of();

  /** The place in the queue; 0 for the last. */
  private long number;

  /** The next look at why it waits. */
  private volatile Timers.Task look = () -> {};

  /**
   * @param wish for a sandbox, null for a container of its own
   * @param threads tell why it waits, which may block
   */
  LeaseSearch(
      NodePool pool,
      ActorTask task,
      @Nullable SandboxWish wish,
      Cancellation cancellation,
      Timers timers,
      Executor threads) {
    this.pool = pool;
    this.task = task;
    this.wish = wish;
    this.cancellation = cancellation;
    this.timers = timers;
    this.threads = threads;
  }

  void failedOn(String node) {
    failed = new LinkedHashSet<>(failed);
    failed.add(node);
  }

  /**
   * Searches.
   *
   * @return completed by whatever thread frees the slot: nothing may block there. It fails as
   *     {@link NodePool#acquire} does, and when it is cancelled: then the wish is withdrawn, but a
   *     lease that comes at that very moment counts.
   */
  CompletableFuture<NodeLease> next() {
    return search()
        .thenApply(
            lease -> {
              number = lease.number();
              return lease;
            });
  }

  private CompletableFuture<NodeLease> search() {
    if (failed.isEmpty()
        || pool.connections().stream().allMatch(node -> failed.contains(node.name()))) {
      return acquire(Set.of());
    }
    var elsewhere = acquire(failed);
    var withdrawn = new CompletableFuture<Void>();
    var patience =
        timers.after(
            PATIENCE_FOR_OTHERS,
            "patience for other nodes",
            () -> {
              elsewhere.completeExceptionally(new TimeoutException());
              // The pool, who saw it first, is told last: only now has the wish left the queue, and
              // another one can have its place.
              withdrawn.complete(null);
            });
    return elsewhere
        .whenComplete((lease, error) -> patience.cancel())
        .exceptionallyCompose(
            error ->
                error.getCause() instanceof TimeoutException
                    ? withdrawn.thenCompose(ignored -> acquire(Set.of()))
                    : CompletableFuture.failedFuture(error));
  }

  private CompletableFuture<NodeLease> acquire(Set<String> avoid) {
    if (cancellation.isCancelled()) {
      return CompletableFuture.failedFuture(new CancellationException(cancellation.reason()));
    }
    var future =
        pool.acquire(
            new LeaseRequest(
                task.priority(),
                "instance " + task.instanceId() + ", actor " + task.actor(),
                avoid,
                number,
                wish));
    if (!future.isDone()) {
      var withdrawal = cancellation.onCancel(() -> future.cancel(true));
      lookAfter(FIRST_LOOK, future);
      var unused =
          future.whenComplete(
              (lease, error) -> {
                withdrawal.close();
                look.cancel();
              });
    }
    return future;
  }

  private void lookAfter(Duration pause, CompletableFuture<NodeLease> future) {
    look = timers.after(pause, "why a run waits", () -> threads.execute(() -> tell(future)));
  }

  /** Tells why it waits, where it waits for more than a slot. */
  private void tell(CompletableFuture<NodeLease> future) {
    if (!future.isDone()) {
      pool.outage().ifPresent(task.placement()::waiting);
      lookAfter(NEXT_LOOK, future);
    }
  }
}
