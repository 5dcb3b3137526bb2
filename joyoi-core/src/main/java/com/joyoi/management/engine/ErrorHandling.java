package com.joyoi.management.engine;

import com.joyoi.management.concurrent.Futures;
import com.joyoi.management.concurrent.Timers;
import com.joyoi.management.usercode.StateMachine;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the error handlers of programs. Thread-safe. */
final class ErrorHandling {
  private static final Logger log = LoggerFactory.getLogger(ErrorHandling.class);

  /** Long enough to tell somebody, who may have to be asked again; what fails has to end. */
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  /** Of an error, to be looked through for a lack of memory. */
  private static final int MAX_CAUSES = 8;

  private final EngineParts parts;
  private final Executor threads;

  /**
   * @param threads run the handlers, one virtual thread each
   */
  ErrorHandling(EngineParts parts, Executor threads) {
    this.parts = parts;
    this.threads = threads;
  }

  /**
   * What went wrong while the program handled its error, null for nothing. The handler has a thread
   * of its own, so that one that does not return is left behind; this one waits for it.
   *
   * @throws OutOfMemoryError when that is what it met
   */
  @Nullable String handle(InstanceExecution execution, StateMachine machine, Throwable error) {
    execution.enterErrorHandler();
    var end =
        CompletableFuture.completedFuture(machine)
            .thenComposeAsync(
                it -> MachineRun.returned(it.handleErrorAsync(error), "handleErrorAsync"),
                handler -> threads.execute(() -> execution.runHere(handler)));
    var late = new TimeoutException();
    var bound = new Bound(() -> end.completeExceptionally(late));
    try (var ignored = execution.code().outside()) {
      end.join();
      execution.calls().end();
      return null;
    } catch (Throwable e) {
      var failure = Futures.unwrap(e);
      var lack = lackOfMemory(failure);
      if (lack != null) {
        throw lack;
      }
      if (failure == late) {
        log.warn("Instance {}: handleErrorAsync does not end", execution.id());
        return "handleErrorAsync did not end within " + PATIENCE.toSeconds() + " s";
      }
      log.warn("Instance {}: handleErrorAsync failed", execution.id(), failure);
      return "then handleErrorAsync failed: " + ErrorText.of(e, machine.getClass());
    } finally {
      bound.cancel();
    }
  }

  /** Ends a handler that takes too long; while the database holds everything up, no time counts. */
  private final class Bound {
    private final Runnable end;
    private final InstanceTime time;
    private final Timers.Task timer;

    Bound(Runnable end) {
      this.end = end;
      time = new InstanceTime(Duration.ZERO, parts.clock().instant());
      timer = parts.timers().every(TimeOuts.PERIOD, "error handler", this::look);
    }

    private void look() {
      time.look(parts.clock().instant(), !parts.instances().isTroubled());
      if (time.used().compareTo(PATIENCE) >= 0) {
        end.run();
      }
    }

    void cancel() {
      timer.cancel();
    }
  }

  /** The lack of memory among an error's causes; null when there is none. */
  static @Nullable OutOfMemoryError lackOfMemory(Throwable error) {
    Throwable cause = error;
    for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
      if (cause instanceof OutOfMemoryError lack) {
        return lack;
      }
      cause = cause.getCause();
    }
    return null;
  }
}
