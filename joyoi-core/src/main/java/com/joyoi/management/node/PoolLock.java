package com.joyoi.management.node;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.joyoi.management.concurrent.Timers;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The lock of a pool, one over all nodes and the queue, and the state under it. What is done under
 * it must not block; what a change brings about is done without it, by the thread that has made the
 * change. So no change must be made within another one. Thread-safe.
 */
final class PoolLock {
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final PoolState state;

  private final Timers timers;
  private final Makings makings;
  private final Grants grants = new Grants();

  /**
   * @param nanoTime as {@link System#nanoTime}
   */
  PoolLock(
      Timers timers,
      Clock clock,
      LongSupplier nanoTime,
      SandboxMaker maker,
      FailureReports failures) {
    this.timers = timers;
    state = new PoolState(new Placement(this::after, nanoTime), clock);
    makings = new Makings(this, maker, failures);
  }

  /** Reads under the lock. */
  <T> T read(Function<PoolState, T> look) {
    synchronized (lock) {
      return look.apply(state);
    }
  }

  /** Changes something, unless the pool is closed. */
  void whileOpen(Consumer<PoolState> change) {
    this.<@Nullable Void>change(
        pool -> {
          if (!pool.isClosed()) {
            change.accept(pool);
          }
          return null;
        });
  }

  /** Changes something, and does what comes of it. */
  <T extends @Nullable Object> T change(Function<PoolState, T> change) {
    return change(change, result -> {});
  }

  /**
   * Changes something, and does what comes of it.
   *
   * @param first gets the result without the lock, before anything else comes of the change
   */
  <T extends @Nullable Object> T change(Function<PoolState, T> change, Consumer<T> first) {
    T result;
    Outcome outcome;
    synchronized (lock) {
      result = change.apply(state);
      outcome = state.placement.takeOutcome();
    }
    first.accept(result);
    outcome.spent().forEach(IdleSandbox::discard);
    outcome.makings().forEach(makings::begin);
    grants.handOut(outcome.grants());
    return result;
  }

  /** Has something done under the lock, later, unless the pool is closed by then. */
  void after(Duration delay, Runnable change) {
    timers.after(delay, "placement", () -> whileOpen(pool -> change.run()));
  }
}
