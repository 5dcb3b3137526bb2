package com.joyoi.management.node;

import com.joyoi.management.concurrent.WaitQueue;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for a slot, each in the queues for what it would take: first the sandboxes that
 * runs before it leave, later, when it is ripe, also an unused one or any slot. Not thread-safe:
 * guarded by the pool's lock.
 */
final class Waiters {
  /** How many of each priority. */
  private final TreeMap<Integer, Integer> sizes = new TreeMap<>();

  /** Those who take any slot. */
  private final WaitQueue<Waiter> ripe = new WaitQueue<>();

  /** Those who would take a sandbox of a key. */
  private final Map<SandboxKey, WaitQueue<Waiter>> wanting = new HashMap<>();

  /** What a node has for somebody: a sandbox of the key, or a slot when that is null. */
  record Match(Waiter waiter, @Nullable SandboxKey key) {}

  /** A queue that the same lock guards. */
  WaitQueue<Waiter> newQueue() {
    return new WaitQueue<>(ripe);
  }

  boolean isEmpty() {
    return sizes.isEmpty();
  }

  /** All, in the order of their coming. */
  List<Waiter> all() {
    // Whoever is ripe for nothing but a slot is in none of the others.
    return Stream.concat(wanting.values().stream(), Stream.of(ripe))
        .flatMap(queue -> queue.all().stream())
        .distinct()
        .sorted(Comparator.comparingLong(Waiter::number))
        .toList();
  }

  SortedMap<Integer, Integer> sizes() {
    return new TreeMap<>(sizes);
  }

  int count() {
    return sizes.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Whether somebody waits who has to stand behind that priority. */
  boolean anyBehind(int priority) {
    return !sizes.isEmpty() && sizes.lastKey() > priority;
  }

  /** From now on it waits, for what others leave. */
  void enter(Waiter waiter) {
    waiter.isWaiting = true;
    sizes.merge(waiter.priority(), 1, Integer::sum);
    for (var key : waiter.usable) {
      if (!key.isUnused()) {
        want(waiter, key);
      }
    }
  }

  private void want(Waiter waiter, SandboxKey key) {
    wanting.computeIfAbsent(key, unused -> newQueue()).add(waiter);
  }

  /** From now on it takes any slot as well. */
  void ripen(Waiter waiter) {
    ripe.add(waiter);
    if (!waiter.usable.isEmpty() && !waiter.wantsUnused) {
      waiter.wantsUnused = true;
      want(waiter, waiter.usable.getLast());
    }
  }

  /** It has its slot, where a sandbox is made for it; that of another may come earlier. */
  void hasOneMade(Waiter waiter) {
    ripe.remove(waiter);
  }

  /** Whether it had been waiting. */
  boolean leave(Waiter waiter) {
    if (!waiter.isWaiting) {
      return false;
    }
    waiter.isWaiting = false;
    sizes.computeIfPresent(waiter.priority(), (priority, count) -> count == 1 ? null : count - 1);
    for (var key : waiter.usable) {
      var queue = wanting.get(key);
      if (queue != null && queue.remove(waiter) && queue.isEmpty()) {
        wanting.remove(key);
      }
    }
    ripe.remove(waiter);
    return true;
  }

  /** The first who would take a sandbox of the key on the node. */
  @Nullable Waiter first(NodeState node, SandboxKey key) {
    var queue = wanting.get(key);
    return queue == null ? null : queue.first(node.name()).orElse(null);
  }

  /** The first who can use what is free on the node, with the best sandbox for it. */
  @Nullable Match first(NodeState node) {
    var best = ripe.first(node.name()).orElse(null);
    SandboxKey with = null;
    for (var key : node.shelf.keys()) {
      var first = first(node, key);
      if (first != null
          && (best == null
              || first.isBefore(best)
              || (first == best && (with == null || with.isUnused())))) {
        best = first;
        with = key;
      }
    }
    return best == null ? null : new Match(best, with);
  }
}
