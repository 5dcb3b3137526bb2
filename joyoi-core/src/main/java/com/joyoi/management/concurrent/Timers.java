package com.joyoi.management.concurrent;

import java.time.Duration;

/**
 * Deadlines and periodic tasks. Tasks run on few shared platform threads, so that busy user code on
 * virtual threads can't hold them up: they must be short and must not block. A task's exception is
 * logged and stops nothing.
 */
public interface Timers extends AutoCloseable {
  /** Timers on few daemon threads of their own, whose names begin with {@code name}. */
  static Timers platform(String name) {
    return new PlatformTimers(name);
  }

  /** Runs {@code task} once, after {@code delay}. */
  Task after(Duration delay, String name, Runnable task);

  /**
   * Runs {@code task} again and again, {@code period} after its last end, first after {@code
   * period}.
   */
  Task every(Duration period, String name, Runnable task);

  /** What delays are measured by, as {@link System#nanoTime}: no clock that somebody sets. */
  default long nanoTime() {
    return System.nanoTime();
  }

  /** Stops all tasks; later calls throw {@link java.util.concurrent.RejectedExecutionException}. */
  @Override
  void close();

  /** A task that can be stopped. */
  interface Task {
    /** Stops it; a run under way ends by itself. */
    void cancel();
  }
}
