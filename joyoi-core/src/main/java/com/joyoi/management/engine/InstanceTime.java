package com.joyoi.management.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.time.Instant;

/**
 * How long an instance could run, in all its executions together: looked at from time to time, so
 * that it is right to a second or so, and costs nothing in between. Thread-safe.
 */
final class InstanceTime {
  /** The process stood still for whatever is more between two looks. */
  private static final Duration LONGEST = Duration.ofSeconds(5);

  @GuardedBy("this")
  private Duration used;

  @GuardedBy("this")
  private Instant last;

  /**
   * @param used by executions before this one
   */
  InstanceTime(Duration used, Instant now) {
    this.used = used;
    this.last = now;
  }

  synchronized Duration used() {
    return used;
  }

  /** Counts what has passed since the last look, when it could run. */
  synchronized void look(Instant now, boolean couldRun) {
    var passed = Duration.between(last, now);
    last = now;
    if (couldRun && passed.isPositive()) {
      used = used.plus(passed.compareTo(LONGEST) < 0 ? passed : LONGEST);
    }
  }
}
