package com.joyoi.management.actor;

import com.joyoi.management.concurrent.Cancellation;
import com.joyoi.management.concurrent.Futures;
import com.joyoi.management.concurrent.Timers;
import com.joyoi.management.node.NoNodeLeftException;
import com.joyoi.management.node.NodeLease;
import com.joyoi.management.node.NodePool;
import com.joyoi.management.node.NodePool.LeaseRequest;
import com.joyoi.management.node.SandboxFailedException;
import com.joyoi.management.node.SandboxWish;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
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
  private @Nullable SandboxWish wish;
  private final Cancellation cancellation;
  private final Timers timers;
  private final Executor threads;
  private Set<String> failed = Set.of();
  private Set<String> refused = Set.of();

  /** The place in the queue; 0 for the last. */
  private long number;

  /**
   * @param wish for a sandbox, null for a container of its own
   * @param threads tell why it waits, which may block, and ask once more when patience ends
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

  /**
   * The node failed it: others come first, for a while.
   *
   * @param suspect whether that may be its own doing
   */
  void failedOn(String node, boolean suspect) {
    if (wish != null && suspect) {
      wish = wish.asSuspect();
    }
    failed = with(failed, node);
  }

  /**
   * The node can't run it, and is not tried again.
   *
   * @return whether there are others, or may yet be
   */
  boolean refusedBy(String node) {
    refused = with(refused, node);
    var nodes = pool.connections();
    return nodes.isEmpty() || nodes.stream().anyMatch(other -> !refused.contains(other.name()));
  }

  private static Set<String> with(Set<String> some, String one) {
    var more = new LinkedHashSet<>(some);
    more.add(one);
    return more;
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
        .whenComplete(
            (lease, error) -> {
              if (lease != null) {
                number = lease.number();
              } else if (Futures.unwrap(error) instanceof SandboxFailedException failure) {
                number = failure.number();
              }
            });
  }

  private CompletableFuture<NodeLease> search() {
    var avoided = new LinkedHashSet<>(refused);
    avoided.addAll(failed);
    if (failed.isEmpty()
        || pool.connections().stream().allMatch(node -> avoided.contains(node.name()))) {
      return acquire(refused);
    }
    var elsewhere = acquire(avoided);
    var withdrawn = new CompletableFuture<Void>();
    var patience =
        timers.after(
            PATIENCE_FOR_OTHERS,
            "patience for other nodes",
            // A timer's thread is not for the pool's work: others may be served by it.
            () -> threads.execute(() -> withdraw(elsewhere, withdrawn)));
    return elsewhere
        .whenComplete((lease, error) -> patience.cancel())
        .exceptionallyCompose(
            error ->
                switch (Futures.unwrap(error)) {
                  case TimeoutException e -> withdrawn.thenCompose(ignored -> acquire(refused));
                  // The others have left: one that failed it is as good.
                  case NoNodeLeftException e -> acquire(refused);
                  default -> CompletableFuture.failedFuture(error);
                });
  }

  private static void withdraw(
      CompletableFuture<NodeLease> elsewhere, CompletableFuture<Void> withdrawn) {
    elsewhere.completeExceptionally(new TimeoutException());
    // The pool, who saw it first, is told last: only now has the wish left the queue, and another
    // one can have its place.
    withdrawn.complete(null);
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
      var look = new Look(future);
      look.after(FIRST_LOOK);
      var unused =
          future.whenComplete(
              (lease, error) -> {
                withdrawal.close();
                look.end();
              });
    }
    return future;
  }

  /** The next look at why one wish is not fulfilled. Thread-safe. */
  private final class Look {
    private final CompletableFuture<NodeLease> future;
    private volatile Timers.Task next = () -> {};

    Look(CompletableFuture<NodeLease> future) {
      this.future = future;
    }

    void after(Duration pause) {
      next = timers.after(pause, "why a run waits", () -> threads.execute(this::tell));
      // The end may have come before there was anything to cancel.
      if (future.isDone()) {
        end();
      }
    }

    void end() {
      next.cancel();
    }

    /** Tells why it waits, where it waits for more than a slot. */
    private void tell() {
      var outage = future.isDone() ? Optional.<String>empty() : pool.outage(refused);
      if (outage.isPresent()) {
        task.placement().waiting(outage.get());
        // What took it back may have come before it was told.
        if (future.isDone()) {
          task.placement().waitsNoMore();
        }
      }
      if (!future.isDone()) {
        after(NEXT_LOOK);
      }
    }
  }
}
