package com.joyoi.management.callback;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Pauses between attempts: each up to twice as long as the one before, up to a longest one. What
 * failed at the same moment is not tried again at the same moment: each pause is shortened at
 * random, by up to a half.
 */
public record Pauses(Duration first, Duration longest) {
  /** Past it every pause is the longest, and nothing overflows. */
  private static final int MAX_DOUBLINGS = 20;

  /**
   * The next pause.
   *
   * @param failures so far, from 1
   * @param asked by the receiver; a shorter pause than this is never chosen
   */
  public Duration next(int failures, Duration asked) {
    var doubled = first.multipliedBy(1L << Math.min(failures - 1, MAX_DOUBLINGS));
    var millis = (doubled.compareTo(longest) < 0 ? doubled : longest).toMillis();
    var own = Duration.ofMillis(millis - ThreadLocalRandom.current().nextLong(millis / 2 + 1));
    return own.compareTo(asked) < 0 ? asked : own;
  }
}
