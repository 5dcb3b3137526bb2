package com.joyoi.management.concurrent;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * Asks work to stop, without interrupting threads: an interrupt inside a database call would kill
 * its connection. Thread-safe; cancelling is final and happens once.
 */
public final class Cancellation {
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final List<Runnable> listeners = new ArrayList<>();

  @GuardedBy("lock")
  private String reason = "";

  private volatile boolean cancelled;

  /**
   * Cancels; the listeners run on the calling thread, outside the lock. Later calls do nothing.
   *
   * @return whether this call was the first
   */
  public boolean cancel(String why) {
    List<Runnable> toRun;
    synchronized (lock) {
      if (cancelled) {
        return false;
      }
      cancelled = true;
      reason = why;
      toRun = List.copyOf(listeners);
      listeners.clear();
    }
    toRun.forEach(Runnable::run);
    return true;
  }

  public boolean isCancelled() {
    return cancelled;
  }

  /** Why it was cancelled, empty while it is not. */
  public String reason() {
    synchronized (lock) {
      return reason;
    }
  }

  /**
   * Throws when it is cancelled.
   *
   * @throws CancellationException with the reason
   */
  public void throwIfCancelled() {
    if (cancelled) {
      throw new CancellationException(reason());
    }
  }

  /**
   * Runs {@code listener} when it is cancelled; at once, on this thread, when it already is. The
   * listener must not block and must not throw.
   *
   * @return takes the listener away again
   */
  public Registration onCancel(Runnable listener) {
    synchronized (lock) {
      if (!cancelled) {
        listeners.add(listener);
        return () -> remove(listener);
      }
    }
    listener.run();
    return () -> {};
  }

  private void remove(Runnable listener) {
    synchronized (lock) {
      listeners.remove(listener);
    }
  }

  /** Takes a listener away. */
  @FunctionalInterface
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }
}
