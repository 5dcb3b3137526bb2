package com.joyoi.management.docker;

import com.joyoi.management.model.Limitation;
import org.jspecify.annotations.Nullable;

/**
 * A limitation's share of the processors, as the engine is told: the same share, but counted over a
 * short time. Who has used up a period stands still until its end, and in a sandbox that may be the
 * run after the one that used it; with a period of a second it stood still for half of one.
 *
 * @param periodMicros null for the engine's own
 * @param quotaMicros null for no limit
 */
record CpuShare(@Nullable Long periodMicros, @Nullable Long quotaMicros) {
  /** The kernel's own default, and that of engines. */
  private static final long LONGEST_PERIOD_MICROS = 100_000;

  /** The kernel takes no less. */
  private static final long LEAST_QUOTA_MICROS = 1_000;

  static CpuShare of(Limitation limitation) {
    var period = limitation.cpuPeriod();
    var quota = limitation.cpuQuota();
    if (period == null || quota == null || quota < LEAST_QUOTA_MICROS) {
      return new CpuShare(period, quota);
    }
    var leastPeriod = (LEAST_QUOTA_MICROS * period + quota - 1) / quota;
    var shorter = Math.min(period, Math.max(LONGEST_PERIOD_MICROS, leastPeriod));
    return new CpuShare(shorter, quota * shorter / period);
  }
}
