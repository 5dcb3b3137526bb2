package com.joyoi.management.web.body;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.joyoi.management.error.JoyoiException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What all bodies that are held in memory may take together. It counts what has arrived, not what
 * was announced. Whoever finds too little left waits; one of those that wait, the favourite, goes
 * on nevertheless, so that bodies which hold a part each don't wait for each other. Thread-safe.
 */
final class BodyBudget {
  private final Duration patience;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private long free;

  @GuardedBy("lock")
  private @Nullable Share favourite;

  /**
   * @param bytes beside those of the favourite
   * @param patience of one that waits
   */
  BodyBudget(long bytes, Duration patience) {
    this.free = bytes;
    this.patience = patience;
  }

  /** The share of one body, which is nothing yet; close it when the body is done with. */
  Share open() {
    return new Share();
  }

  /** Confined to its request. */
  final class Share implements AutoCloseable {
    private long held;

    private Share() {}

    /**
     * Takes more; waits where there is too little.
     *
     * @throws JoyoiException BUSY when there was too little for too long
     */
    void take(long bytes) {
      lock.lock();
      try {
        long left = patience.toNanos();
        while (favourite != this && free < bytes) {
          if (favourite == null) {
            favourite = this;
          } else if (left <= 0) {
            throw busy();
          } else {
            left = changed.awaitNanos(left);
          }
        }
        if (favourite != this) {
          free -= bytes;
          held += bytes;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw busy();
      } finally {
        lock.unlock();
      }
    }

    private JoyoiException busy() {
      return new JoyoiException(
          JoyoiException.Kind.BUSY, "too many bodies of JSON are under way at once; try again");
    }

    @Override
    public void close() {
      lock.lock();
      try {
        free += held;
        held = 0;
        if (favourite == this) {
          favourite = null;
        }
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
