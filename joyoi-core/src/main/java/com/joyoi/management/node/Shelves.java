package com.joyoi.management.node;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The sandboxes that wait, on all nodes: how they come and go. Not thread-safe: guarded by the
 * pool's lock.
 */
final class Shelves {
  private final FreeNodes free;

  /** Where sandboxes of an instance may wait. */
  private final Map<String, Set<Spot>> spots = new HashMap<>();

  private record Spot(NodeState node, SandboxKey key) {}

  /** Who has a sandbox that may come back for the runs of a domain. */
  private final Map<String, Set<NodeLeaseImpl>> lent = new HashMap<>();

  Shelves(FreeNodes free) {
    this.free = free;
  }

  /** Only within a {@link FreeNodes#change}. */
  void put(NodeState node, SandboxKey key, IdleSandbox sandbox, long now) {
    node.shelf.add(key, sandbox, now);
    var domain = key.domain();
    if (domain != null) {
      spots.computeIfAbsent(domain, unused -> new LinkedHashSet<>()).add(new Spot(node, key));
    }
  }

  /**
   * Takes one; only within a {@link FreeNodes#change}.
   *
   * @return null when the last one has just died: then the run makes a container of its own
   */
  @Nullable IdleSandbox takeAlive(NodeState node, SandboxKey key, Outcome outcome) {
    var sandbox = node.shelf.take(key);
    while (sandbox != null && !sandbox.isAlive()) {
      outcome.end(sandbox);
      sandbox = node.shelf.take(key);
    }
    return sandbox;
  }

  /** A run has a sandbox, which may come back. */
  void lend(NodeLeaseImpl lease) {
    var domain = domainOf(lease);
    if (domain != null) {
      lent.computeIfAbsent(domain, unused -> new HashSet<>()).add(lease);
    }
  }

  /** The run is over, whether its sandbox comes back or not. */
  void endLoan(NodeLeaseImpl lease) {
    var domain = domainOf(lease);
    var those = domain == null ? null : lent.get(domain);
    if (domain != null && those != null && those.remove(lease) && those.isEmpty()) {
      lent.remove(domain);
    }
  }

  private static @Nullable String domainOf(NodeLeaseImpl lease) {
    var key = lease.returnsAs();
    return key == null ? null : key.domain();
  }

  /**
   * Ends the sandboxes of an instance that has ended: now, and when they come back from a run whose
   * outcome has been told already.
   */
  void forget(String domain, Outcome outcome) {
    lent.getOrDefault(domain, Set.of()).forEach(NodeLeaseImpl::makeLast);
    lent.remove(domain);
    var those = spots.remove(domain);
    if (those != null) {
      those.forEach(
          spot ->
              free.change(spot.node(), () -> outcome.end(spot.node().shelf.takeAll(spot.key()))));
    }
  }

  /** Ends all that wait on a node. */
  void clear(NodeState node, Outcome outcome) {
    free.change(node, () -> outcome.end(node.shelf.takeAll()));
  }

  /** Ends those of a node that have waited for too long. */
  void endOld(NodeState node, long now, Outcome outcome) {
    if (node.shelf.size() > 0) {
      free.change(node, () -> outcome.end(node.shelf.takeSpent(now, node.idleFor())));
    }
  }

  /** Forgets where nothing waits any more. */
  void tidy() {
    spots
        .values()
        .removeIf(
            those -> those.stream().allMatch(spot -> spot.node().shelf.count(spot.key()) == 0));
  }

  /** Ends the oldest of a node that has too many containers. */
  void trim(NodeState node, Outcome outcome) {
    if (node.excess() <= 0 || node.shelf.size() == 0) {
      return;
    }
    free.change(
        node,
        () -> {
          for (var oldest = node.shelf.takeOldest(); oldest != null; ) {
            outcome.end(oldest);
            oldest = node.excess() > 0 ? node.shelf.takeOldest() : null;
          }
        });
  }
}
