package com.joyoi.management.node;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How many unused sandboxes of each shape should wait on a node: as many as were wanted lately, up
 * to a bound. Not thread-safe: guarded by the pool's lock.
 */
final class WarmDemand {
  private final int most;
  private final Duration memory;

  /** When unused ones were taken last, by {@link System#nanoTime}, the oldest first. */
  private final Map<SandboxShape, ArrayDeque<Long>> taken = new HashMap<>();

  WarmDemand(int most, Duration memory) {
    this.most = most;
    this.memory = memory;
  }

  void taken(SandboxShape shape, long now) {
    if (most == 0 || shape.onDisk()) {
      return;
    }
    var times = taken.computeIfAbsent(shape, unused -> new ArrayDeque<>());
    times.addLast(now);
    if (times.size() > most) {
      times.removeFirst();
    }
  }

  /** A shape of which too few wait. */
  Optional<SandboxShape> lacking(IdleShelf shelf, long now) {
    for (var times : taken.values()) {
      times.removeIf(time -> now - time > memory.toNanos());
    }
    taken.values().removeIf(ArrayDeque::isEmpty);
    return taken.entrySet().stream()
        .filter(entry -> shelf.count(SandboxKey.unused(entry.getKey())) < entry.getValue().size())
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
