package com.joyoi.management.persistence;

import com.joyoi.management.concurrent.Cancellation;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.error.NothingDoneException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the database answers. A platform thread asks it once a second, and at once when a call
 * has lost its connection: so an outage is known before calls pile up, and its end is known to
 * everybody who waits. Thread-safe.
 */
final class Availability implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Availability.class);

  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final Duration PERIOD_OF_OUTAGE = Duration.ofMillis(250);

  /** The thread may be within a call to a server that hangs. */
  private static final Duration CLOSING_GRACE = Duration.ofSeconds(2);

  private final Probe probe;
  private final Thread thread;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final AtomicInteger held = new AtomicInteger();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile Period period = new Period();
  private volatile long lastAnswer = System.nanoTime();

  /** Asks the database; confined to one thread. */
  interface Probe extends AutoCloseable {
    void ask() throws SQLException;

    @Override
    void close();
  }

  /** From one outage's end to the end of the next. */
  private static final class Period {
    final Cancellation lost = new Cancellation();
    final CompletableFuture<Void> over = new CompletableFuture<>();
  }

  Availability(Probe probe) {
    this.probe = probe;
    thread = Thread.ofPlatform().name("joyoi-database-watch").daemon().start(this::watch);
  }

  private void watch() {
    try (probe) {
      while (!isClosed()) {
        ask();
        LockSupport.parkNanos((isLost() ? PERIOD_OF_OUTAGE : PERIOD).toNanos());
      }
    }
  }

  private void ask() {
    var began = System.nanoTime();
    try {
      probe.ask();
      found();
    } catch (SQLException | RuntimeException e) {
      // Others have connections that work: such a server is full, or this one call was unlucky.
      if (!SqlFailures.isFull(e) && lastAnswer - began < 0) {
        lost(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
      }
    }
  }

  private void lost(String reason) {
    if (period.lost.cancel(reason)) {
      LOG.warn(
          "The database does not answer ({}): requests are refused, and what ends here is held"
              + " until it does",
          reason);
      listeners.forEach(Runnable::run);
    }
  }

  private void found() {
    var before = period;
    if (before.lost.isCancelled() && !isClosed()) {
      LOG.info("The database answers again");
      period = new Period();
      before.over.complete(null);
      listeners.forEach(Runnable::run);
    }
  }

  private boolean isLost() {
    return period.lost.isCancelled();
  }

  boolean isClosed() {
    return closed.isDone();
  }

  /** Whether it does not answer, or refuses something that is held until it is accepted. */
  boolean isTroubled() {
    return isLost() || held.get() > 0;
  }

  boolean answers() {
    return !isLost();
  }

  /** Told on any thread whenever {@link #isTroubled} may have changed; must not block. */
  void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /**
   * Refuses a call while nobody answers it.
   *
   * @param what it does, for an error message
   */
  void check(String what) {
    throwIfClosed(what);
    var now = period;
    if (now.lost.isCancelled()) {
      throw refused(what, now.lost.reason());
    }
  }

  private static NothingDoneException refused(String what, String reason) {
    return new NothingDoneException(
        what + " failed: the database does not answer (" + reason + "); nothing was done", null);
  }

  /** For a call that is given up when an outage begins: what it then fails with. */
  Cancellation.Registration onLoss(String what, Consumer<JoyoiException> loss) {
    var now = period;
    return now.lost.onCancel(() -> loss.accept(refused(what, now.lost.reason())));
  }

  /** Blocks until the database answers, however long that takes, or until this is closed. */
  void await(String what) {
    for (var now = period; now.lost.isCancelled() && !isClosed(); now = period) {
      JdbcThreads.await(now.over);
    }
    throwIfClosed(what);
  }

  private void throwIfClosed(String what) {
    if (isClosed()) {
      throw new NothingDoneException(what + " failed: the database is closed", null);
    }
  }

  /** A call has gone through. */
  void answered() {
    lastAnswer = System.nanoTime();
  }

  /** A call has lost its connection: the others should know soon whether they will, too. */
  void suspect() {
    LockSupport.unpark(thread);
  }

  /** A call has failed that is repeated until it goes through. */
  void hold() {
    if (held.getAndIncrement() == 0) {
      listeners.forEach(Runnable::run);
    }
  }

  /** It has gone through, or was given up. */
  void letGo() {
    if (held.decrementAndGet() == 0) {
      listeners.forEach(Runnable::run);
    }
  }

  /** Blocks for so long, or until this is closed; also when the caller is interrupted meanwhile. */
  void pause(Duration length) {
    var end = System.nanoTime() + length.toNanos();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          closed.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
          return;
        } catch (TimeoutException e) {
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw new IllegalStateException("nothing fails this future", e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Fails everybody who waits, and from now on whoever calls. */
  @Override
  public void close() {
    closed.complete(null);
    period.over.complete(null);
    LockSupport.unpark(thread);
    try {
      thread.join(CLOSING_GRACE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
