package com.joyoi.management.engine;

import com.joyoi.management.concurrent.Futures;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.model.SandboxOptions.Reuse;
import com.joyoi.management.usercode.StateMachine;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the state machine of an execution to its end, whatever its code does. Thread-safe. */
final class MachineRun {
  private static final Logger log = LoggerFactory.getLogger(MachineRun.class);

  /** Longer than the attempts of a callback that {@code handleErrorAsync} usually makes. */
  private static final Duration ERROR_HANDLER_TIMEOUT = Duration.ofSeconds(120);

  /** Of an error, to be looked through for a lack of memory. */
  private static final int MAX_CAUSES = 8;

  private final EngineParts parts;
  private final Executor threads;
  private final Ends ends;

  /** Told how executions end; not when they were cancelled, or wait for their class. */
  interface Ends {
    /**
     * The program has come to its end.
     *
     * @param exception null when it succeeded
     */
    void concluded(InstanceExecution execution, InstanceStatus status, @Nullable String exception);

    /** A fault that is not the program's. */
    void suspended(InstanceExecution execution, RuntimeException fault);

    /** The code of the program met a lack of memory, which need not be its doing. */
    void outOfMemory(InstanceExecution execution, OutOfMemoryError error);
  }

  /**
   * @param threads run what comes after a future of the program, one virtual thread each
   */
  MachineRun(EngineParts parts, Executor threads, Ends ends) {
    this.parts = parts;
    this.threads = threads;
    this.ends = ends;
  }

  /**
   * Runs it on this thread until {@code runAsync} returns. When its future is not complete by then,
   * the execution waits for that without a thread.
   */
  void run(InstanceExecution execution) {
    StateMachine machine = null;
    try {
      var found = load(execution);
      if (found.isEmpty()) {
        waitForClass(execution);
        return;
      }
      machine = found.get();
      var bound = machine;
      var end = returned(machine.runAsync(), "runAsync");
      if (end.isDone()) {
        ended(execution, machine, end);
      } else {
        var unused =
            end.whenCompleteAsync(
                // Its error handler is code of the program, too, and may hold the processor.
                (nothing, error) -> execution.runHere(() -> ended(execution, bound, end)), threads);
      }
    } catch (Throwable e) {
      // Everything: user code may throw what it likes, errors of the virtual machine included.
      failed(execution, machine, Futures.unwrap(e), "");
    }
  }

  private void ended(
      InstanceExecution execution, StateMachine machine, CompletableFuture<Void> end) {
    try {
      end.join();
      execution.calls().end();
      conclude(execution, InstanceStatus.SUCCEEDED, null);
    } catch (Throwable e) {
      failed(execution, machine, Futures.unwrap(e), "");
    }
  }

  private static CompletableFuture<Void> returned(
      @Nullable CompletableFuture<Void> future, String method) {
    if (future == null) {
      throw new IllegalStateException(
          method + " returned null; it must return a future, for example completed()");
    }
    return future;
  }

  private void waitForClass(InstanceExecution execution) {
    var name = execution.instance().name();
    var text =
        execution.sourceHash() == null
            ? "waits for its state machine: no class is registered as '"
                + name
                + "' in this program"
            : "waits for its state machine: the source of '" + name + "' is not stored any more";
    log.warn("Instance {} {}", execution.id(), text);
    parts.instances().note(execution.key(), text);
  }

  private void failed(
      InstanceExecution execution,
      @Nullable StateMachine machine,
      Throwable error,
      String textBefore) {
    if (execution.cancellation().isCancelled()) {
      log.debug("Instance {}: {}", execution.id(), execution.cancellation().reason());
      return;
    }
    var lack = lackOfMemory(error);
    if (lack != null) {
      ends.outOfMemory(execution, lack);
      return;
    }
    if (machine == null) {
      if (error instanceof JoyoiException fault && fault.isRetryable()) {
        ends.suspended(execution, fault);
      } else {
        fail(execution, textBefore + ErrorText.of(error, MachineRun.class));
      }
      return;
    }
    var text = ErrorText.of(error, machine.getClass());
    try {
      var handling = handle(execution, machine, error);
      fail(execution, handling == null ? text : text + "\n" + handling);
    } catch (OutOfMemoryError e) {
      ends.outOfMemory(execution, e);
    }
  }

  /** Null when it was something else. */
  private static @Nullable OutOfMemoryError lackOfMemory(Throwable error) {
    Throwable cause = error;
    for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
      if (cause instanceof OutOfMemoryError lack) {
        return lack;
      }
      cause = cause.getCause();
    }
    return null;
  }

  /**
   * Ends an execution without its program: calls the error handler alone, on a new object, and
   * blocks until that has ended. Where the class can't be loaded, it ends without.
   */
  void giveUp(InstanceExecution execution, RuntimeException why) {
    Optional<StateMachine> machine;
    try {
      machine = load(execution);
    } catch (Throwable e) {
      // As in run: its class may throw what it likes when it is loaded.
      failed(
          execution,
          null,
          Futures.unwrap(e),
          why.getMessage() + "\nhandleErrorAsync was not called: ");
      return;
    }
    if (machine.isPresent()) {
      failed(execution, machine.get(), why, "");
    } else {
      fail(execution, String.valueOf(why.getMessage()));
    }
  }

  private Optional<StateMachine> load(InstanceExecution execution) {
    var found =
        parts.stateMachines().instantiate(execution.instance().name(), execution.sourceHash());
    found.ifPresent(
        machine -> {
          machine.bind(execution);
          execution.allow(Objects.requireNonNullElse(machine.sandboxReuse(), Reuse.NEVER));
        });
    return found;
  }

  /**
   * What went wrong while the program handled its error, null for nothing. It has a thread of its
   * own, so that one that does not return is left behind.
   */
  private @Nullable String handle(
      InstanceExecution execution, StateMachine machine, Throwable error) {
    execution.enterErrorHandler();
    var end =
        CompletableFuture.completedFuture(machine)
            .thenComposeAsync(
                it -> returned(it.handleErrorAsync(error), "handleErrorAsync"),
                work -> threads.execute(() -> execution.runHere(work)));
    var bound =
        parts
            .timers()
            .after(
                ERROR_HANDLER_TIMEOUT,
                "error handler",
                () -> end.completeExceptionally(new TimeoutException()));
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
      if (failure instanceof TimeoutException) {
        log.warn("Instance {}: handleErrorAsync does not end", execution.id());
        return "handleErrorAsync did not end within " + ERROR_HANDLER_TIMEOUT.toSeconds() + " s";
      }
      log.warn("Instance {}: handleErrorAsync failed", execution.id(), failure);
      return "then handleErrorAsync failed: " + ErrorText.of(e, machine.getClass());
    } finally {
      bound.cancel();
    }
  }

  private void fail(InstanceExecution execution, String exception) {
    log.info(
        "Instance {} failed: {}", execution.id(), exception.lines().findFirst().orElse(exception));
    conclude(execution, InstanceStatus.FAILED, exception);
  }

  private void conclude(
      InstanceExecution execution, InstanceStatus status, @Nullable String exception) {
    try (var ignored = execution.code().outside()) {
      ends.concluded(execution, status, exception);
    }
  }
}
