package com.joyoi.management.container;

import com.joyoi.management.concurrent.Timers;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Attempts that are made later, and again, until the service stops. Thread-safe. */
final class Retries {
  private static final Logger LOG = LoggerFactory.getLogger(Retries.class);

  /** Doubled with each failure, so that a node that is down for a day is asked seldom. */
  static final Duration FIRST_DELAY = Duration.ofSeconds(1);

  private static final Duration LONGEST_DELAY = Duration.ofSeconds(30);

  private final Timers timers;
  private final Executor threads;
  private volatile boolean stopped;

  /**
   * @param threads runs each attempt on a thread of its own
   */
  Retries(Timers timers, Executor threads) {
    this.timers = timers;
    this.threads = threads;
  }

  /**
   * Makes an attempt later; none any more when the service stops.
   *
   * @param name what it does, for people
   * @param attempt gets the delay; may block
   */
  void later(Duration delay, String name, Consumer<Duration> attempt) {
    if (stopped) {
      return;
    }
    try {
      timers.after(
          delay,
          name,
          // Timers' threads must not block.
          () -> threads.execute(() -> attempt.accept(delay)));
    } catch (RejectedExecutionException e) {
      LOG.info("The service stops; its next start will {}", name);
    }
  }

  /** The delay after one that was not enough. */
  static Duration next(Duration delay) {
    var doubled = delay.multipliedBy(2);
    return doubled.compareTo(LONGEST_DELAY) < 0 ? doubled : LONGEST_DELAY;
  }

  /** Sets no attempt any more. */
  void stop() {
    stopped = true;
  }

  boolean isStopped() {
    return stopped;
  }
}
