package com.joyoi.management.node;

import com.joyoi.management.concurrent.WaitQueue.Place;
import com.joyoi.management.node.NodePool.LeaseRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who wants a slot, and the future of it. The future is thread-safe; all else is guarded
 * by the pool's lock. One object, and no more beside it than there must be: a flooded pool has a
 * hundred thousand of them.
 */
final class Waiter extends CompletableFuture<NodeLease> {
  final int priority;
  final long number;
  final String description;

  /** Names of nodes that it must not have. */
  final Set<String> excluded;

  /** Null when any slot will do. */
  final @Nullable SandboxWish wish;

  final List<SandboxKey> usable;

  /** Its places in the queues for sandboxes of each key. */
  final List<Place<Waiter>> places;

  private final NodePoolImpl pool;

  /** Among all who wait, in the order of coming; null at the ends. */
  @Nullable Waiter before;

  @Nullable Waiter after;

  boolean isWaiting;

  /** Those whose sandboxes it may wait for; null when it wants one of its own. */
  @Nullable SandboxGroup group;

  /** Its place among the group's patient ones, while it is one. */
  @Nullable Place<Waiter> patience;

  /** Its place among those that take any slot, to have a sandbox made there. */
  @Nullable Place<Waiter> ripe;

  Waiter(NodePoolImpl pool, LeaseRequest request, @Nullable SandboxWish wish, long number) {
    this.pool = pool;
    priority = request.priority();
    description = request.description();
    excluded = request.excluded();
    this.wish = wish;
    this.number = number;
    usable = wish == null ? List.of() : SandboxKey.usableBy(wish);
    places = usable.isEmpty() ? List.of() : new ArrayList<>(usable.size());
  }

  boolean isBefore(Waiter other) {
    return priority == other.priority ? number < other.number : priority < other.priority;
  }

  // However it ends, by cancelling or by a time-out of the caller's, it leaves the queue at once.

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    return leaveWhen(super.cancel(mayInterruptIfRunning));
  }

  @Override
  public boolean completeExceptionally(Throwable failure) {
    return leaveWhen(super.completeExceptionally(failure));
  }

  private boolean leaveWhen(boolean isCompleted) {
    if (isCompleted) {
      pool.leave(this);
    }
    return isCompleted;
  }
}
