package com.joyoi.management.container;

import com.joyoi.management.concurrent.Timers;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;

/** Timers whose tasks a test takes and runs, also those that another thread sets. Thread-safe. */
public final class HeldTimers implements Timers {
  private final LinkedBlockingQueue<Held> queue = new LinkedBlockingQueue<>();

  /** A task that was to be run. */
  public record Held(Duration delay, String name, Runnable task) {}

  /** Waits for the next task. */
  public Held take() {
    try {
      return queue.take();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public boolean isEmpty() {
    return queue.isEmpty();
  }

  @Override
  public Task after(Duration delay, String name, Runnable task) {
    queue.add(new Held(delay, name, task));
    return () -> {};
  }

  @Override
  public Task every(Duration period, String name, Runnable task) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
