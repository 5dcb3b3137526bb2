package com.joyoi.management.node;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What things have taken lately, whoever wanted them: the making of a sandbox, and the runs of each
 * work. Not thread-safe: guarded by the pool's lock.
 */
final class RunTimes {
  /** What a container takes on a machine that has little to do; measured from the first one on. */
  private static final Duration FIRST_MAKING = Duration.ofMillis(300);

  /** Far more works than are run at the same time; those not run for longest are forgotten. */
  private static final int MOST_WORKS = 1_000;

  private Duration making = FIRST_MAKING;
  private final Map<String, Duration> runs =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Duration> eldest) {
          return size() > MOST_WORKS;
        }
      };

  /** What making a sandbox costs. */
  Duration making() {
    return making;
  }

  void made(Duration taken) {
    making = mean(making, taken);
  }

  /** Zero when none has ended yet. */
  Duration of(String work) {
    return runs.getOrDefault(work, Duration.ZERO);
  }

  void ended(String work, Duration taken) {
    runs.merge(work, taken, RunTimes::mean);
  }

  /** The last one counts as much as all before it. */
  static Duration mean(Duration before, Duration last) {
    return before.plus(last).dividedBy(2);
  }
}
