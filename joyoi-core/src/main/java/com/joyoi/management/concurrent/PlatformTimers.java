package com.joyoi.management.concurrent;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Timers on daemon threads called {@code <name>-1}, {@code <name>-2}. Thread-safe. */
final class PlatformTimers implements Timers {
  private static final Logger LOG = LoggerFactory.getLogger(PlatformTimers.class);

  /** Two, so that one task that takes longer than it should does not hold up the others. */
  private static final int THREADS = 2;

  private final ScheduledThreadPoolExecutor executor;

  PlatformTimers(String name) {
    var number = new AtomicInteger();
    executor =
        new ScheduledThreadPoolExecutor(
            THREADS,
            task ->
                Thread.ofPlatform()
                    .daemon()
                    .name(name + "-" + number.incrementAndGet())
                    .unstarted(task));
    // Most deadlines are cancelled long before they are due: they must not stay in memory till
    // then.
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    executor.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
  }

  @Override
  public Task after(Duration delay, String name, Runnable task) {
    return cancelling(
        executor.schedule(guarded(name, task), delay.toNanos(), TimeUnit.NANOSECONDS));
  }

  @Override
  public Task every(Duration period, String name, Runnable task) {
    var nanos = period.toNanos();
    return cancelling(
        executor.scheduleWithFixedDelay(guarded(name, task), nanos, nanos, TimeUnit.NANOSECONDS));
  }

  /** Does not interrupt what runs: an interrupt inside a database call kills its connection. */
  @Override
  public void close() {
    executor.shutdown();
  }

  private static Task cancelling(Future<?> future) {
    return () -> future.cancel(false);
  }

  private static Runnable guarded(String name, Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        LOG.error("the timed task '{}' failed; later runs of it are not affected", name, e);
      }
    };
  }
}
