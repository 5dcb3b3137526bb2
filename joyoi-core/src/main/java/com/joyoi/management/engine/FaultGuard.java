package com.joyoi.management.engine;

import com.joyoi.management.callback.CallFailedException;
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
 * Does what a program asks for, and tells faults of ours from faults of the program: the former end
 * its execution, and whatever the program makes of the exception that it sees, even nothing, does
 * not count. No code of the program runs in here, so that all is ours that is not said to be the
 * program's. Thread-safe.
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
        .exceptionallyCompose(error -> CompletableFuture.failedFuture(seen(Futures.unwrap(error))));
  }

  <T> T guarded(Supplier<T> work) {
    cancellation.throwIfCancelled();
    try {
      return work.get();
    } catch (RuntimeException | LinkageError | AssertionError e) {
      throw thrown(seen(e));
    }
  }

  private static RuntimeException thrown(Throwable seen) {
    if (seen instanceof Error error) {
      throw error;
    }
    return (RuntimeException) seen;
  }

  /** What the program sees of a failure. */
  private Throwable seen(Throwable failure) {
    if (failure instanceof StaleExecutionException) {
      cancellation.cancel("somebody else has taken the instance over");
      return cancelled(failure);
    }
    if (failure instanceof CancellationException && cancellation.isCancelled()) {
      return new CancellationException(cancellation.reason());
    }
    return isOurs(failure) ? ended(fault(failure)) : failure;
  }

  /**
   * Whether a failure to do what a program asks for is no doing of the program. A lack of memory or
   * of stack is judged where it gets to: the one is nobody's, the other that of a program that
   * calls from deep down.
   */
  static boolean isOurs(Throwable failure) {
    if (failure instanceof JoyoiException known) {
      return switch (known.kind()) {
        case INVALID, NOT_FOUND, CONFLICT, FORBIDDEN -> false;
        case BUSY, UNAVAILABLE, INTERNAL -> true;
      };
    }
    return !(failure instanceof CallFailedException || failure instanceof VirtualMachineError);
  }

  /** A failure of ours as an exception of ours. */
  static JoyoiException fault(Throwable failure) {
    return failure instanceof JoyoiException known
        ? known
        : new JoyoiException(
            JoyoiException.Kind.INTERNAL, "a fault of the service: " + failure, failure);
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
