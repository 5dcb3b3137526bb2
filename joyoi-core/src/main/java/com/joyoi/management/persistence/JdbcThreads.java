package com.joyoi.management.persistence;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides which thread makes JDBC calls. A platform thread makes its own: a heartbeat must not wait
 * for virtual threads. A virtual one hands its call to a thread that nobody interrupts, since an
 * interrupt within a call costs the connection (MySQL) or the whole open file (H2). Below JDK 24
 * that is a bounded number of platform threads, because {@code synchronized} in a driver would pin
 * carriers there.
 */
final class JdbcThreads implements AutoCloseable {
  private static final int UNPINNED_SINCE = 24;

  private final ExecutorService executor;

  JdbcThreads(int platformThreads) {
    executor =
        Runtime.version().feature() >= UNPINNED_SINCE
            ? Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("joyoi-jdbc-", 0).factory())
            : Executors.newFixedThreadPool(
                platformThreads, Thread.ofPlatform().daemon().name("joyoi-jdbc-", 0).factory());
  }

  /** Makes the call; what is returned is complete when that was done on the calling thread. */
  <T extends @Nullable Object> CompletableFuture<T> begin(Supplier<T> work) {
    if (Thread.currentThread().isVirtual()) {
      return CompletableFuture.supplyAsync(work, executor);
    }
    try {
      return CompletableFuture.completedFuture(work.get());
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Runs what makes calls, without waiting for it. */
  void execute(Runnable work) {
    executor.execute(work);
  }

  /** Waits for a result, also when the caller is interrupted meanwhile. */
  static <T extends @Nullable Object> T await(Future<T> result) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return result.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          if (e.getCause() instanceof RuntimeException failure) {
            throw failure;
          }
          if (e.getCause() instanceof Error error) {
            throw error;
          }
          throw new IllegalStateException(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    executor.close();
  }
}
