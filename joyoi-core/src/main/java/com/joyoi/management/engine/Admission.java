package com.joyoi.management.engine;

import com.joyoi.management.error.JoyoiException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * The bound on instances that run in this service. What is being stored counts already, so that
 * many calls at once can't pass it together. Thread-safe.
 */
final class Admission {
  private final int max;
  private final IntSupplier running;
  private final AtomicInteger coming = new AtomicInteger();

  Admission(int max, IntSupplier running) {
    this.max = max;
    this.running = running;
  }

  /**
   * Runs what makes one more instance run.
   *
   * @throws JoyoiException BUSY, with nothing done
   */
  <T> T admit(Supplier<T> start) {
    try {
      // In this order one that starts meanwhile may count twice, but is never left out.
      int others = coming.getAndIncrement();
      if (others + running.getAsInt() >= max) {
        throw new JoyoiException(
            JoyoiException.Kind.BUSY,
            "this service runs " + max + " instances, which is as many as it may; try again later");
      }
      return start.get();
    } finally {
      coming.decrementAndGet();
    }
  }
}
