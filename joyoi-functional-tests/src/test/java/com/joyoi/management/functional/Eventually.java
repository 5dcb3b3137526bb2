package com.joyoi.management.functional;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waiting for what another process does and nobody announces. */
final class Eventually {
  /** So long that only something that never happens fails on it. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final long LOOK_EVERY_MILLIS = 50;

  private Eventually() {}

  /** What is waited for. */
  @FunctionalInterface
  interface Condition {
    boolean holds() throws InterruptedException;
  }

  static void await(String what, Condition condition) throws InterruptedException {
    var begin = System.nanoTime();
    while (!condition.holds()) {
      if (System.nanoTime() - begin > PATIENCE.toNanos()) {
        throw new AssertionError("waited for " + PATIENCE + ", in vain, until " + what);
      }
      var unused = new CountDownLatch(1).await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }
  }
}
