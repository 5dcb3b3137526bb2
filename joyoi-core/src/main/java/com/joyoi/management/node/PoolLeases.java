package com.joyoi.management.node;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.error.JoyoiException.Kind;
import com.joyoi.management.node.NodePool.LeaseRequest;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What those who ask for slots of a pool, and those who hold some, have to say to it. Thread-safe;
 * called without the pool's lock.
 */
final class PoolLeases {
  private final PoolLock lock;
  private final FailureReports failures;
  private final SlotSharing sharing;

  PoolLeases(PoolLock lock, FailureReports failures, SlotSharing sharing) {
    this.lock = lock;
    this.failures = failures;
    this.sharing = sharing;
  }

  /** See {@link NodePool#acquire}. */
  CompletableFuture<NodeLease> acquire(LeaseRequest request) {
    return lock.change(
        pool -> {
          if (pool.isClosed()) {
            return CompletableFuture.failedFuture(closedWhile(request.description()));
          }
          if (pool.roster.isHopeless(request.excluded())) {
            return CompletableFuture.failedFuture(
                new NoNodeLeftException(request.description(), pool.roster.names()));
          }
          return pool.placement.ask(request, this);
        });
  }

  /** Its wish has been taken back, or can't be fulfilled. */
  void leave(Waiter waiter) {
    lock.whileOpen(pool -> pool.placement.leave(waiter));
  }

  /** See {@link NodeLease#isHeld}: whether nobody can have taken over what was given. */
  boolean isHeld() {
    return sharing.isHeld();
  }

  /** The program of a run has been started. */
  void started(NodeState node, NodeLeaseImpl lease) {
    lock.whileOpen(pool -> pool.placement.started(node, lease));
  }

  /** The node has served a run well. */
  void served(NodeState node, NodeLeaseImpl lease) {
    lock.whileOpen(pool -> pool.placement.served(node, lease));
  }

  /**
   * A run failed for its node's fault.
   *
   * @param began after which of the node's outages
   */
  void failed(NodeState node, String what, boolean timedOut, long began) {
    failures.ofRun(lock.change(pool -> pool.fault(node, what, timedOut, began)));
  }

  /**
   * A run is over, though its lease is still held.
   *
   * @param returns whether its sandbox is about to come back
   */
  void over(NodeLeaseImpl lease, boolean returns) {
    lock.whileOpen(pool -> pool.placement.over(lease, returns));
  }

  /**
   * Gives a slot back.
   *
   * @param clean its sandbox, when that may serve another run
   */
  void release(NodeState node, NodeLeaseImpl lease, @Nullable IdleSandbox clean) {
    lock.change(
        pool -> {
          if (pool.isClosed()) {
            // Nobody gets it any more, but it is free, and others may be told so.
            node.remove(lease);
            return false;
          }
          return pool.placement.release(node, lease, clean);
        },
        isTaken -> {
          if (!isTaken && clean != null) {
            clean.discard();
          }
        });
  }

  /** Fails every waiter by name, and from now on whoever asks. */
  void stop() {
    lock.change(
        PoolState::close,
        left ->
            left.forEach(waiter -> waiter.completeExceptionally(closedWhile(waiter.description))));
  }

  private static JoyoiException closedWhile(String description) {
    return new JoyoiException(
        Kind.UNAVAILABLE, "'%s' got no node: the service is stopping".formatted(description));
  }
}
