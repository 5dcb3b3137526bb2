package com.joyoi.management.node;

import java.time.Duration;

/**
 * What things have taken lately, whoever wanted them: the making of a sandbox, and the runs of each
 * work. Not thread-safe: guarded by the pool's lock.
 */
final class RunTimes {
  /** What a container takes on a machine that has little to do; measured from the first one on. */
  private static final Duration FIRST_MAKING = Duration.ofMillis(300);

  final WorkTimes runs = new WorkTimes();

  private Duration making = FIRST_MAKING;

  /** What making a sandbox costs. */
  Duration making() {
    return making;
  }

  void made(Duration taken) {
    making = WorkTimes.mean(making, taken);
  }
}
