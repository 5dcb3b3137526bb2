package com.joyoi.management.persistence;

import com.joyoi.management.error.JoyoiException;
import com.zaxxer.hikari.HikariDataSource;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.RetryPolicy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
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
 * taken place: every one must be safe to repeat. Thread-safe.
 */
final class Database implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Database.class);

  /** A restart of a database server takes seconds; past this the caller is told. */
  private static final Duration MAX_DURATION = Duration.ofSeconds(45);

  /** Dead-locks among 64 writers dissolve within a few rounds; a restart needs more. */
  private static final int MAX_RETRIES = 30;

  private static final Duration FIRST_DELAY = Duration.ofMillis(10);
  private static final Duration MAX_DELAY = Duration.ofSeconds(2);

  private final HikariDataSource dataSource;
  private final Dialect dialect;
  private final @Nullable DatabaseClock own;
  private final Clock clock;
  private final Clock ageClock;
  private final Jdbi jdbi;
  private final JdbcThreads threads;
  private final FailsafeExecutor<Object> retry;

  /**
   * @param pool gives connections that do not commit by themselves
   * @param source of connections: the pool, or what watches it
   * @param clock of all times, for tests; null for the database's own
   */
  Database(HikariDataSource pool, DataSource source, Dialect dialect, @Nullable Clock clock) {
    this.dataSource = pool;
    this.dialect = dialect;
    // Jdbi's own transactions would switch the automatic commit off and on: two more round trips.
    this.jdbi = Jdbi.create(source).setTransactionHandler(new CMTTransactionHandler());
    this.threads = new JdbcThreads(pool.getMaximumPoolSize());
    this.retry =
        Failsafe.with(
            RetryPolicy.builder()
                .handleIf(SqlFailures::isTransient)
                .withBackoff(FIRST_DELAY, MAX_DELAY)
                .withJitter(0.5)
                .withMaxRetries(MAX_RETRIES)
                .withMaxDuration(MAX_DURATION)
                .onRetry(event -> LOG.debug("transaction is repeated", event.getLastException()))
                .build());
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
    try {
      return threads.call(() -> repeating(work));
    } catch (RuntimeException e) {
      throw SqlFailures.translated(what, e);
    }
  }

  /** The same on the calling thread, with failures as the driver tells them. */
  <T extends @Nullable Object> T repeating(Repeatable<T> work) {
    try {
      return retry.get(context -> once(handle -> work.run(handle, context.getAttemptCount() > 0)));
    } catch (FailsafeException e) {
      Thread.currentThread().interrupt();
      throw new JoyoiException(
          JoyoiException.Kind.UNAVAILABLE, "a transaction was interrupted while repeated", e);
    }
  }

  private <T extends @Nullable Object> T once(Function<Handle, T> work) {
    try (var handle = jdbi.open()) {
      var connection = handle.getConnection();
      try {
        var result = work.apply(handle);
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

  /** Whether the database answers; asks once and waits at most for a connection. */
  boolean isReachable() {
    try {
      return threads.call(
          () -> once(handle -> handle.createQuery("SELECT 1").mapTo(Integer.class).one() == 1));
    } catch (RuntimeException e) {
      LOG.debug("database is not reachable", e);
      return false;
    }
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
    var unused = once(handle -> handle.execute("SET DB_CLOSE_DELAY 0"));
  }

  @Override
  public void close() {
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
