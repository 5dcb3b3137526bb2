package com.joyoi.management.listing;

import com.fasterxml.uuid.NoArgGenerator;
import com.fasterxml.uuid.UUIDClock;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import java.time.Clock;
import java.util.UUID;

/** UUIDv7: ordered by time, so that they index well and sort by age. Thread-safe. */
public final class TimeOrderedIds {
  private final NoArgGenerator generator;

  /**
   * @param clock of the times in the ids: the database's, or lists of several services mix up
   */
  public TimeOrderedIds(Clock clock) {
    generator =
        new TimeBasedEpochGenerator(
            null,
            new UUIDClock() {
              @Override
              public long currentTimeMillis() {
                return clock.millis();
              }
            });
  }

  /** Greater than those before, unless the clock was put back. */
  public UUID next() {
    return generator.generate();
  }
}
