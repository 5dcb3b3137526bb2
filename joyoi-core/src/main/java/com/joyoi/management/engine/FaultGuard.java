package com.joyoi.management.engine;

import com.joyoi.management.concurrent.Cancellation;
import com.joyoi.management.concurrent.Futures;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.instance.StaleExecutionException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Does what a program asks for, and tells faults of ours from faults of the program: the program
 * never sees the former, which end its execution. Thread-safe.
 */
final class FaultGuard {
  private final Cancellation cancellation;
  private final Executor threads;
  private final Consumer<RuntimeException> onFault;

  /**
   * @param cancellation of the execution
   * @param threads runs work, one virtual thread each
   * @param onFault told of a fault that is not the program's; it cancels the execution
   */
  FaultGuard(Cancellation cancellation, Executor threads, Consumer<RuntimeException> onFault) {
    this.cancellation = cancellation;
    this.threads = threads;
    this.onFault = onFault;
  }

  <T> CompletableFuture<T> async(Supplier<T> work) {
    return CompletableFuture.supplyAsync(() -> guarded(work), threads);
  }

  /** For work that waits without a thread: it begins on one, and its future says when it ends. */
  <T> CompletableFuture<T> asyncStages(Supplier<CompletableFuture<T>> work) {
    return CompletableFuture.completedFuture(work)
        .thenComposeAsync(
            begin -> {
              cancellation.throwIfCancelled();
              return begin.get();
            },
            threads)
        .exceptionallyCompose(
            error ->
                CompletableFuture.failedFuture(
                    Futures.unwrap(error) instanceof RuntimeException failure
                        ? seen(failure)
                        : error));
  }

  <T> T guarded(Supplier<T> work) {
    cancellation.throwIfCancelled();
    try {
      return work.get();
    } catch (RuntimeException e) {
      throw seen(e);
    }
  }

  /** What the program sees of a failure. */
  private RuntimeException seen(RuntimeException failure) {
    if (failure instanceof StaleExecutionException) {
      cancellation.cancel("somebody else has taken the instance over");
      return cancelled(failure);
    }
    if (failure instanceof JoyoiException fault && fault.isServiceFault()) {
      return ended(fault);
    }
    if (failure instanceof CancellationException) {
      if (cancellation.isCancelled()) {
        return new CancellationException(cancellation.reason());
      }
      onFault.accept(failure);
    }
    return failure;
  }

  /** Ends the execution for a fault of ours; returns what the program sees of that. */
  CancellationException ended(RuntimeException fault) {
    onFault.accept(fault);
    return cancelled(fault);
  }

  private CancellationException cancelled(Throwable cause) {
    var cancelled = new CancellationException(cancellation.reason());
    cancelled.initCause(cause);
    return cancelled;
  }
}
