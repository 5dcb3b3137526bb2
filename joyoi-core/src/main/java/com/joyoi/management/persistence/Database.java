package com.joyoi.management.persistence;

import com.joyoi.management.error.JoyoiException;
import com.zaxxer.hikari.HikariDataSource;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.RetryPolicy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
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
  private final Clock clock;
  private final Jdbi jdbi;
  private final JdbcThreads threads;
  private final FailsafeExecutor<Object> retry;

  Database(HikariDataSource dataSource, Dialect dialect, Clock clock) {
    this.dataSource = dataSource;
    this.dialect = dialect;
    this.clock = clock;
    this.jdbi = Jdbi.create(dataSource);
    this.threads = new JdbcThreads(dataSource.getMaximumPoolSize());
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
      return threads.call(
          () ->
              retry.get(
                  context ->
                      jdbi.inTransaction(
                          handle -> work.run(handle, context.getAttemptCount() > 0))));
    } catch (FailsafeException e) {
      Thread.currentThread().interrupt();
      throw new JoyoiException(
          JoyoiException.Kind.UNAVAILABLE, what + " was interrupted while it was repeated", e);
    } catch (RuntimeException e) {
      throw SqlFailures.translated(what, e);
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

  Dialect dialect() {
    return dialect;
  }

  Instant now() {
    return clock.instant();
  }

  /** Whether the database answers; asks once and waits at most for a connection. */
  boolean isReachable() {
    try {
      return threads.call(
          () ->
              jdbi.withHandle(
                  handle -> handle.createQuery("SELECT 1").mapTo(Integer.class).one() == 1));
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
    jdbi.useHandle(handle -> handle.execute("SET DB_CLOSE_DELAY 0"));
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
