package com.joyoi.management.node;

import com.joyoi.management.concurrent.WaitQueue;
import com.joyoi.management.node.NodePool.LeaseRequest;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who wants a slot, and the future of it. The future is thread-safe; all else is guarded
 * by the pool's lock. One object, and no more beside it than there must be: a flooded pool has a
 * hundred thousand of them.
 */
final class Waiter extends CompletableFuture<NodeLease> implements WaitQueue.Entry {
  final String description;

  /** Null when any slot will do. */
  final @Nullable SandboxWish wish;

  final List<SandboxKey> usable;

  /** Whom it speaks to, and its lease after it. */
  final PoolLeases leases;

  private final int priority;
  private final long number;
  private final Set<String> excluded;

  boolean isWaiting;

  /** Whether it is ripe for an unused sandbox. */
  boolean wantsUnused;

  /** Those whose sandboxes it may wait for; null when it wants one of its own. */
  @Nullable SandboxGroup group;

  Waiter(PoolLeases leases, LeaseRequest request, @Nullable SandboxWish wish, long number) {
    this.leases = leases;
    priority = request.priority();
    description = request.description();
    excluded = request.excluded();
    this.wish = wish;
    this.number = number;
    usable = wish == null ? List.of() : SandboxKey.usableBy(wish);
  }

  @Override
  public int priority() {
    return priority;
  }

  @Override
  public long number() {
    return number;
  }

  /** Names of nodes that it must not have. */
  @Override
  public Set<String> excluded() {
    return excluded;
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
      leases.leave(this);
    }
    return isCompleted;
  }
}
