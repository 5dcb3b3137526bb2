package com.joyoi.management.client;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The attempts of one call: how long to wait for the next, and when to give up. For one thread. */
final class Retries {
  /** A connection that was just lost is often back at once. */
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

  /** A service that starts again is noticed so late at most. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final Pauser pauser;
  private final long deadlineNanos;
  private final Duration budget;
  private Duration paused = Duration.ZERO;
  private Duration next = FIRST_PAUSE;

  /**
   * @param budget for attempts that fail and the pauses between them, all together
   */
  Retries(Duration budget, Pauser pauser) {
    this.budget = budget;
    this.pauser = pauser;
    this.deadlineNanos = System.nanoTime() + budget.toNanos();
  }

  /**
   * Waits before another attempt.
   *
   * @param asked how long the service asks to be left alone, null for the usual back-off
   * @return false at once, when there is no time left for another attempt
   */
  boolean pause(@Nullable Duration asked) throws InterruptedException {
    var pause = asked == null ? jittered(next) : asked;
    var total = paused.plus(pause);
    // Both bounds: pauses alone would forget attempts that time out, a clock alone fake pauses.
    if (total.compareTo(budget) > 0 || System.nanoTime() + pause.toNanos() - deadlineNanos > 0) {
      return false;
    }
    paused = total;
    next = next.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next.multipliedBy(2);
    pauser.pause(pause);
    return true;
  }

  /** Half of it is random, so that clients that failed together do not come back together. */
  private static Duration jittered(Duration pause) {
    long half = pause.toMillis() / 2;
    return Duration.ofMillis(half + ThreadLocalRandom.current().nextLong(half + 1));
  }
}
