package com.joyoi.management.node;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Hands leases to those who waited for them, on the calling thread. Whoever gets one may give it
 * back at once, inside the call; what that frees is handed out afterwards, not deeper down, so that
 * a thousand such waiters do not overflow the stack. Thread-safe.
 */
final class Grants {
  // One queue for each thread that is handing out: a recipient that blocks holds up no other
  // thread's grants.
  private final ThreadLocal<ArrayDeque<Grant>> handingOut = new ThreadLocal<>();

  void handOut(List<Grant> grants) {
    if (grants.isEmpty()) {
      return;
    }
    var outer = handingOut.get();
    if (outer != null) {
      outer.addAll(grants);
      return;
    }
    var queue = new ArrayDeque<>(grants);
    handingOut.set(queue);
    try {
      for (var grant = queue.poll(); grant != null; grant = queue.poll()) {
        grant.complete();
      }
    } finally {
      handingOut.remove();
    }
  }

  /** A lease and the one who waited for it. */
  record Grant(CompletableFuture<NodeLease> waiter, NodeLease lease) {
    private void complete() {
      if (!waiter.complete(lease)) {
        // Cancelled in the meantime: the next one gets it, with a sandbox that nothing ran in.
        lease.sandbox().ifPresentOrElse(lease::release, lease::release);
      }
    }
  }
}
