package com.joyoi.management.persistence;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.error.NothingDoneException;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.CMTTransactionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs transactions, and repeats those that a dead-lock, a lock time-out or a lost connection
 * ended. A connection may be lost while it commits, so that a transaction is repeated that has
 * taken place: every one must be safe to repeat.
 *
 * <p>There are two ways to call it. What is answered to somebody who waits fails at once when the
 * database is away; its {@link #patient()} side waits until it is back, however long that takes,
 * and repeats what the database refuses for reasons of its own. Thread-safe.
 */
final class Database implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Database.class);

  /** Three lock time-outs. */
  private static final Duration MAX_CONTENTION = Duration.ofSeconds(45);

  /** Dead-locks among 64 writers dissolve within a few rounds. */
  private static final int MAX_TRIES = 30;

  /** A connection that was lost without an outage is replaced at once. */
  private static final Duration MAX_LOSS = Duration.ofSeconds(5);

  private static final Duration FIRST_DELAY = Duration.ofMillis(10);
  private static final Duration MAX_DELAY = Duration.ofSeconds(2);

  /** Between tries of what is held: a server whose disk is full should not be kept busy with it. */
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  private static final Duration MAX_PAUSE = Duration.ofSeconds(10);

  private final HikariDataSource dataSource;
  private final Dialect dialect;
  private final @Nullable DatabaseClock own;
  private final Clock clock;
  private final Clock ageClock;
  private final Jdbi jdbi;
  private final JdbcThreads threads;
  private final Availability availability;
  private final boolean patient;

  /**
   * @param pool gives connections that do not commit by themselves
   * @param source of connections: the pool, or what watches it
   * @param clock of all times, for tests; null for the database's own
   */
  Database(
      HikariDataSource pool,
      DataSource source,
      Availability availability,
      Dialect dialect,
      @Nullable Clock clock) {
    this.dataSource = pool;
    this.dialect = dialect;
    // Jdbi's own transactions would switch the automatic commit off and on: two more round trips.
    this.jdbi = Jdbi.create(source).setTransactionHandler(new CMTTransactionHandler());
    this.threads = new JdbcThreads(pool.getMaximumPoolSize());
    this.availability = availability;
    this.patient = false;
    if (clock == null) {
      var heard = inTransaction("reading the time", DatabaseClock::ask);
      this.own = heard;
      this.clock = heard.withZone(ZoneOffset.UTC);
      this.ageClock = ((InstantSource) heard::unhurried).withZone(ZoneOffset.UTC);
    } else {
      this.own = null;
      this.clock = clock;
      this.ageClock = clock;
    }
  }

  private Database(Database same, boolean patient) {
    this.dataSource = same.dataSource;
    this.dialect = same.dialect;
    this.own = same.own;
    this.clock = same.clock;
    this.ageClock = same.ageClock;
    this.jdbi = same.jdbi;
    this.threads = same.threads;
    this.availability = same.availability;
    this.patient = patient;
  }

  /** The same database, for what must not fail when it is away, or refuses for the time being. */
  Database patient() {
    return new Database(this, true);
  }

  /** The same database, for what is not worth waiting for. */
  Database impatient() {
    return new Database(this, false);
  }

  /** A transaction that has the same effect when it is repeated after it has taken place. */
  <T extends @Nullable Object> T inTransaction(String what, Function<Handle, T> work) {
    return inTransaction(what, (handle, repeated) -> work.apply(handle));
  }

  /**
   * A transaction that is told when it may have taken place already.
   *
   * @param what it does, for an error message
   */
  <T extends @Nullable Object> T inTransaction(String what, Repeatable<T> work) {
    return call(what, attempt -> threads.begin(() -> repeating(work, attempt)));
  }

  /**
   * Makes a call in this database's way, and waits for it.
   *
   * @param begin begins an attempt; the future fails with what the driver says
   */
  <T extends @Nullable Object> T call(String what, Function<Attempt, CompletableFuture<T>> begin) {
    return patient ? patiently(what, begin) : atOnce(what, begin);
  }

  private <T extends @Nullable Object> T atOnce(
      String what, Function<Attempt, CompletableFuture<T>> begin) {
    availability.check(what);
    var attempt = new Attempt(false);
    try {
      var result = begin.apply(attempt);
      // Else whoever waits for a connection would hear of the outage when that wait is over.
      try (var ignored =
          availability.onLoss(
              what,
              loss -> {
                if (attempt.giveUp()) {
                  result.completeExceptionally(loss);
                }
              })) {
        return JdbcThreads.await(result);
      }
    } catch (RuntimeException e) {
      throw translated(what, e, attempt);
    }
  }

  private <T extends @Nullable Object> T patiently(
      String what, Function<Attempt, CompletableFuture<T>> begin) {
    var held = false;
    var pause = FIRST_PAUSE;
    try {
      for (int tries = 0; ; tries++) {
        availability.await(what);
        var attempt = new Attempt(tries > 0);
        try {
          return JdbcThreads.await(begin.apply(attempt));
        } catch (RuntimeException e) {
          if (!SqlFailures.isOurs(e) || availability.isClosed()) {
            throw translated(what, e, attempt);
          }
          if (!held && isHolding(e, tries)) {
            held = true;
            availability.hold();
          }
          tell(what, e, tries, pause);
        }
        availability.pause(jittered(pause));
        pause = longer(pause, MAX_PAUSE);
      }
    } finally {
      if (held) {
        availability.letGo();
      }
    }
  }

  /**
   * Whether a failure says that the database takes nothing for the time being: not that somebody
   * has a row, and only when it comes again where what it means is not known.
   */
  private static boolean isHolding(RuntimeException failure, int tries) {
    return !SqlFailures.isContention(failure) && (tries > 0 || SqlFailures.isPassing(failure));
  }

  /** An outage is told once, for all; what this one call meets, when it lasts. */
  private void tell(String what, RuntimeException failure, int tries, Duration pause) {
    if (tries > 0 && availability.answers() && pause.compareTo(MAX_PAUSE) >= 0) {
      LOG.warn("{} failed {} times, and is tried again: {}", what, tries + 1, failure.getMessage());
    } else {
      LOG.debug("{} failed, and is tried again", what, failure);
    }
  }

  private JoyoiException translated(String what, RuntimeException failure, Attempt attempt) {
    if (failure instanceof RejectedExecutionException) {
      return new NothingDoneException(what + " failed: the database is closed", failure);
    }
    return SqlFailures.translated(what, failure, attempt.mayBeDone());
  }

  /**
   * On the calling thread, with failures as the driver tells them; repeated for a short time.
   *
   * @param attempt begins with the first statement
   */
  private <T extends @Nullable Object> T repeating(Repeatable<T> work, Attempt attempt) {
    return repeating(
        (handle, repeated) -> {
          if (!attempt.begin()) {
            throw unwanted();
          }
          return work.run(handle, repeated || attempt.isRepeated());
        },
        new Terms(() -> !attempt.isGivenUp(), attempt::commits, true));
  }

  private static NothingDoneException unwanted() {
    return new NothingDoneException("nobody waits for this call any more", null);
  }

  /**
   * How a transaction is tried.
   *
   * @param wanted whether somebody waits for it; asked before a connection is
   * @param onCommit called before each commit, whose outcome may stay unknown
   * @param outwaitsLocks whether it is repeated, too, when somebody keeps a row locked
   */
  record Terms(BooleanSupplier wanted, Runnable onCommit, boolean outwaitsLocks) {}

  /** The same. */
  <T extends @Nullable Object> T repeating(Repeatable<T> work, Terms terms) {
    var began = System.nanoTime();
    var delay = FIRST_DELAY;
    RuntimeException last = null;
    for (int tries = 1; ; tries++) {
      if (availability.isClosed() || !terms.wanted().getAsBoolean()) {
        // Nobody should open connections to a server that is gone only to hear that.
        throw last == null ? unwanted() : last;
      }
      var repeated = tries > 1;
      try {
        var result = once(handle -> work.run(handle, repeated), terms.onCommit());
        availability.answered();
        return result;
      } catch (RuntimeException e) {
        if (tries == MAX_TRIES || !isWorthRepeating(e, began, terms)) {
          throw e;
        }
        LOG.debug("transaction is repeated", e);
        last = e;
      }
      sleep(jittered(delay));
      delay = longer(delay, MAX_DELAY);
    }
  }

  private boolean isWorthRepeating(RuntimeException failure, long began, Terms terms) {
    var lost = SqlFailures.isLoss(failure);
    if (lost) {
      availability.suspect();
    }
    var spent = Duration.ofNanos(System.nanoTime() - began);
    return lost
        ? availability.answers() && !availability.isClosed() && spent.compareTo(MAX_LOSS) < 0
        : SqlFailures.isContention(failure)
            && (terms.outwaitsLocks() || !SqlFailures.isLockTimeout(failure))
            && spent.compareTo(MAX_CONTENTION) < 0;
  }

  private static Duration jittered(Duration pause) {
    return Duration.ofNanos(
        (long) (pause.toNanos() * (0.5 + ThreadLocalRandom.current().nextDouble())));
  }

  private static Duration longer(Duration pause, Duration most) {
    var twice = pause.multipliedBy(2);
    return twice.compareTo(most) < 0 ? twice : most;
  }

  private static void sleep(Duration delay) {
    try {
      TimeUnit.NANOSECONDS.sleep(delay.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JoyoiException(
          JoyoiException.Kind.UNAVAILABLE, "a transaction was interrupted while repeated", e);
    }
  }

  private <T extends @Nullable Object> T once(Function<Handle, T> work, Runnable onCommit) {
    try (var handle = jdbi.open()) {
      var connection = handle.getConnection();
      try {
        var result = work.apply(handle);
        onCommit.run();
        connection.commit();
        return result;
      } catch (SQLException e) {
        throw rolledBack(connection, new ConnectionException(e));
      } catch (RuntimeException e) {
        throw rolledBack(connection, e);
      }
    }
  }

  /**
   * Rolls back, and tells what the failure means: when that fails, too, the connection is lost.
   * Then a statement's own failure may say anything, such as that it was closed.
   */
  private static RuntimeException rolledBack(Connection connection, RuntimeException failure) {
    try {
      connection.rollback();
      return failure;
    } catch (SQLException e) {
      if (failure instanceof JoyoiException) {
        failure.addSuppressed(e);
        return failure;
      }
      var lost = new SQLNonTransientConnectionException("the connection was lost", "08003", e);
      lost.addSuppressed(failure);
      return new ConnectionException(lost);
    }
  }

  /** Like {@link #inTransaction(String, Function)}, without a result. */
  void run(String what, Consumer<Handle> work) {
    inTransaction(
        what,
        handle -> {
          work.accept(handle);
          return true;
        });
  }

  /** The threads that make JDBC calls. */
  JdbcThreads threads() {
    return threads;
  }

  Dialect dialect() {
    return dialect;
  }

  /** The database's time, on this side. */
  Clock clock() {
    return clock;
  }

  /** For what is removed by its age. */
  Clock ageClock() {
    return ageClock;
  }

  Instant now() {
    return clock.instant();
  }

  /**
   * The database has told its time.
   *
   * @param asked when it was asked, by {@link System#nanoTime}
   * @param answered when the answer had come
   */
  void heard(Instant time, long asked, long answered) {
    if (own != null) {
      own.heard(time, asked, answered);
    }
  }

  Availability availability() {
    return availability;
  }

  /** Connections that somebody holds now. */
  int connectionsInUse() {
    return dataSource.getHikariPoolMXBean().getActiveConnections();
  }

  boolean isClosed() {
    return dataSource.isClosed();
  }

  /** Makes a database in memory end with its last connection. */
  void forgetWhenClosed() {
    var unused = once(handle -> handle.execute("SET DB_CLOSE_DELAY 0"), () -> {});
  }

  @Override
  public void close() {
    availability.close();
    threads.close();
    dataSource.close();
  }

  /** Work on a connection. */
  @FunctionalInterface
  interface Repeatable<T extends @Nullable Object> {
    /**
     * Does the work.
     *
     * @param repeated whether it was tried before, and may even have been committed
     */
    T run(Handle handle, boolean repeated);
  }
}
