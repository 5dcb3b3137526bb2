package com.joyoi.management.functional.runner;

import com.joyoi.management.concurrent.Timers;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Real timers on one thread. */
final class TestTimers implements Timers {
  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();

  @Override
  public Task after(Duration delay, String name, Runnable task) {
    var future = executor.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    return () -> future.cancel(false);
  }

  @Override
  public Task every(Duration period, String name, Runnable task) {
    var millis = period.toMillis();
    var future = executor.scheduleWithFixedDelay(task, millis, millis, TimeUnit.MILLISECONDS);
    return () -> future.cancel(false);
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
