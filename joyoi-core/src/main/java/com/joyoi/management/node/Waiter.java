package com.joyoi.management.node;

import com.joyoi.management.concurrent.WaitQueue.Place;
import com.joyoi.management.node.NodePool.LeaseRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Somebody who wants a slot. Not thread-safe: guarded by the pool's lock. */
final class Waiter {
  final LeaseRequest request;
  final CompletableFuture<NodeLease> future = new CompletableFuture<>();
  final long number;

  /** Null when any slot will do. */
  final @Nullable SandboxWish wish;

  final List<SandboxKey> usable;

  /** Its places in the queues for sandboxes of each key. */
  final List<Place<Waiter>> places = new ArrayList<>();

  /** Those whose sandboxes it may wait for; null when it wants one of its own. */
  @Nullable SandboxGroup group;

  /** Its place among the group's patient ones, while it is one. */
  @Nullable Place<Waiter> patience;

  /** Its place among those that take any slot, to have a sandbox made there. */
  @Nullable Place<Waiter> ripe;

  /** Whether a sandbox is being made for it. */
  boolean isMadeFor;

  Waiter(LeaseRequest request, @Nullable SandboxWish wish, long number) {
    this.request = request;
    this.wish = wish;
    this.number = number;
    usable = wish == null ? List.of() : SandboxKey.usableBy(wish);
  }

  boolean isBefore(Waiter other) {
    return request.priority() == other.request.priority()
        ? number < other.number
        : request.priority() < other.request.priority();
  }
}
