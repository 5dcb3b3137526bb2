package com.joyoi.management.node;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The nodes with room, the best first, and where sandboxes of a key wait. Not thread-safe: guarded
 * by the pool's lock.
 */
final class FreeNodes {
  private final NavigableSet<NodeState> free = new TreeSet<>(NodeState.BEST_FIRST);

  /** Those where a sandbox of a key waits. */
  private final Map<SandboxKey, NavigableSet<NodeState>> offering = new HashMap<>();

  /** Whatever of a node's state decides its place may be changed in here alone. */
  void change(NodeState node, Runnable change) {
    free.remove(node);
    for (var key : node.shelf.keys()) {
      var those = offering.get(key);
      if (those != null) {
        those.remove(node);
        if (those.isEmpty()) {
          offering.remove(key);
        }
      }
    }
    change.run();
    if (node.hasRoom()) {
      free.add(node);
      for (var key : node.shelf.keys()) {
        offering.computeIfAbsent(key, unused -> new TreeSet<>(NodeState.BEST_FIRST)).add(node);
      }
    }
  }

  /** The best that the waiter may use; null when there is none. */
  @Nullable NodeState first(Waiter waiter) {
    return first(free, waiter);
  }

  /** The best where a sandbox of the key waits; null when there is none. */
  @Nullable NodeState first(SandboxKey key, Waiter waiter) {
    var those = offering.get(key);
    return those == null ? null : first(those, waiter);
  }

  private static @Nullable NodeState first(NavigableSet<NodeState> nodes, Waiter waiter) {
    for (var node : nodes) {
      if (!waiter.excluded().contains(node.name())) {
        return node;
      }
    }
    return null;
  }
}
