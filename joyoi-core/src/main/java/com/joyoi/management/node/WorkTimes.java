package com.joyoi.management.node;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How long the runs of each work have taken lately. Not thread-safe: guarded by the pool's lock.
 */
final class WorkTimes {
  /** Far more works than are run at the same time; those not run for longest are forgotten. */
  private static final int MOST_WORKS = 1_000;

  private final Map<String, Duration> times =
      new LinkedHashMap<>(4, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Duration> eldest) {
          return size() > MOST_WORKS;
        }
      };

  /** Empty when none has ended yet. */
  Optional<Duration> of(String work) {
    return Optional.ofNullable(times.get(work));
  }

  void ended(String work, Duration taken) {
    times.merge(work, taken, WorkTimes::mean);
  }

  /** The last one counts as much as all before it. */
  static Duration mean(Duration before, Duration last) {
    return before.plus(last).dividedBy(2);
  }
}
