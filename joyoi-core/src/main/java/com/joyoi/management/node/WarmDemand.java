package com.joyoi.management.node;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How many unused sandboxes of each shape should wait on a node: as many as were wanted lately, up
 * to a bound; and when the next one may be made. Not thread-safe: guarded by the pool's lock.
 */
final class WarmDemand {
  /** What could not be made a moment ago is not tried again and again. */
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(10);

  /** The least time from one to the next on a node that runs jobs, in costs. */
  private static final int PAUSES = 4;

  private final int most;
  private final Duration memory;

  /** When unused ones were taken last, by {@link System#nanoTime}, the oldest first. */
  private final Map<SandboxShape, ArrayDeque<Long>> taken = new HashMap<>();

  private boolean isMaking;

  /** When the last one was begun, by {@link System#nanoTime}. */
  private long lastBegun;

  /** Whether that could not be made. */
  private boolean hasFailed;

  WarmDemand(int most, Duration memory) {
    this.most = most;
    this.memory = memory;
  }

  /** Whether one is being made. */
  boolean isMaking() {
    return isMaking;
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

  /**
   * A shape of which too few wait, when another may be made now; it counts as begun.
   *
   * @param isCalm whether nothing else happens on the node
   * @param cost what making one takes
   */
  Optional<SandboxShape> next(IdleShelf shelf, boolean isCalm, Duration cost, long now) {
    if (isMaking || isTooSoon(isCalm, cost, now)) {
      return Optional.empty();
    }
    var shape = lacking(shelf, now);
    if (shape.isPresent()) {
      isMaking = true;
      lastBegun = now;
    }
    return shape;
  }

  private boolean isTooSoon(boolean isCalm, Duration cost, long now) {
    var since = now - lastBegun;
    return hasFailed
        ? since <= PAUSE_AFTER_FAILURE.toNanos()
        : !isCalm && since <= cost.multipliedBy(PAUSES).toNanos();
  }

  void made(boolean succeeded) {
    isMaking = false;
    hasFailed = !succeeded;
  }

  private Optional<SandboxShape> lacking(IdleShelf shelf, long now) {
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
