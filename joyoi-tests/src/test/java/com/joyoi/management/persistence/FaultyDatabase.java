package com.joyoi.management.persistence;

import com.joyoi.management.error.JoyoiException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Clock;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A database in memory that can be taken away, made to refuse what changes it, and made to lose the
 * answers to commits.
 */
public final class FaultyDatabase implements AutoCloseable {
  private final Semaphore changes = new Semaphore(0);
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicInteger lostAnswers = new AtomicInteger();
  private final AtomicInteger failedCommits = new AtomicInteger();
  private final Persistence persistence;
  private volatile boolean away;
  private volatile @Nullable SQLException refusal;
  private volatile @Nullable SQLException commitFailure;
  private volatile Runnable afterFailedCommit = () -> {};

  public FaultyDatabase() {
    persistence =
        Persistence.open(
            DatabaseSettings.inMemory(), Clock.systemUTC(), this::faulty, this::faulty);
    persistence.onChange(changes::release);
  }

  public Persistence persistence() {
    return persistence;
  }

  /** Returns when that is known. */
  public void takeAway() {
    away = true;
    try {
      var unused = persistence.instances().find(UUID.randomUUID());
    } catch (JoyoiException e) {
      // It is what makes the outage known at once.
    }
    await(() -> !persistence.isReachable());
  }

  /** Returns when that is known. */
  public void bringBack() {
    away = false;
    await(persistence::isReachable);
  }

  /** What changes something fails from now on, with nothing done. */
  public void refuseWrites(SQLException failure) {
    refusal = failure;
  }

  public void acceptWrites() {
    refusal = null;
  }

  /** Blocks until something is held because it was refused. */
  public void awaitHeld() {
    await(persistence::isTroubled);
  }

  /** How often something was refused. */
  public int refused() {
    return refused.get();
  }

  /** The next commits take place, and nobody is told. */
  public void loseAnswers(int commits) {
    lostAnswers.set(commits);
  }

  /** The next commits fail, with nothing done. */
  public void failCommits(int commits, SQLException failure) {
    commitFailure = failure;
    failedCommits.set(commits);
  }

  /** What others do behind a commit that fails, before it is repeated. */
  public void afterFailedCommit(Runnable action) {
    afterFailedCommit = action;
  }

  private void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      changes.acquireUninterruptibly();
    }
  }

  private DataSource faulty(DataSource real) {
    return proxy(
        DataSource.class,
        real,
        (method, arguments, call) -> {
          if (away) {
            throw new SQLNonTransientConnectionException("Connection refused", "08001");
          }
          return call.make() instanceof Connection connection ? faulty(connection) : null;
        });
  }

  private Connection faulty(Connection real) {
    return proxy(
        Connection.class,
        real,
        (method, arguments, call) -> {
          if (method.equals("close")) {
            return call.make();
          }
          if (away) {
            throw new SQLNonTransientConnectionException("Communications link failure", "08S01");
          }
          return switch (method) {
            case "prepareStatement" -> {
              refuse(String.valueOf(arguments[0]));
              yield call.make();
            }
            case "commit" -> commit(real, call);
            default -> call.make();
          };
        });
  }

  private void refuse(String sql) throws SQLException {
    var failure = refusal;
    if (failure != null && sql.strip().matches("(?is)(INSERT|UPDATE|DELETE)\\b.*")) {
      refused.incrementAndGet();
      throw failure;
    }
  }

  private @Nullable Object commit(Connection real, Call call) throws Throwable {
    if (failedCommits.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      real.rollback();
      afterFailedCommit.run();
      throw Objects.requireNonNull(commitFailure);
    }
    var result = call.make();
    if (lostAnswers.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new SQLNonTransientConnectionException("Communications link failure", "08S01");
    }
    return result;
  }

  private interface Call {
    @Nullable Object make() throws Throwable;
  }

  private interface Change {
    @Nullable Object apply(String method, Object[] arguments, Call call) throws Throwable;
  }

  private static <T> T proxy(Class<T> type, T real, Change change) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                change.apply(
                    method.getName(),
                    arguments == null ? new Object[0] : arguments,
                    () -> {
                      try {
                        return method.invoke(real, arguments);
                      } catch (InvocationTargetException e) {
                        throw e.getCause();
                      }
                    })));
  }

  @Override
  public void close() {
    // The last connection ends a database in memory.
    away = false;
    persistence.close();
  }
}
