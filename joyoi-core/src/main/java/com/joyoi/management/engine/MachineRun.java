package com.joyoi.management.engine;

import com.joyoi.management.concurrent.Futures;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.model.SandboxOptions.Reuse;
import com.joyoi.management.usercode.StateMachine;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the state machine of an execution to its end, whatever its code does. Thread-safe. */
final class MachineRun {
  private static final Logger log = LoggerFactory.getLogger(MachineRun.class);

  private final EngineParts parts;
  private final Executor threads;
  private final Ends ends;
  private final ErrorHandling errors;

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
    errors = new ErrorHandling(parts, threads);
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

  /** What a method of a program has returned; an exception when that is null. */
  static CompletableFuture<Void> returned(@Nullable CompletableFuture<Void> future, String method) {
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
    execution.waitForClass();
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
    var lack = ErrorHandling.lackOfMemory(error);
    if (lack != null) {
      ends.outOfMemory(execution, lack);
      return;
    }
    if (machine == null) {
      if (error instanceof JoyoiException fault && fault.isServiceFault()) {
        ends.suspended(execution, fault);
      } else {
        fail(execution, textBefore + ErrorText.of(error, MachineRun.class));
      }
      return;
    }
    var text = ErrorText.of(error, machine.getClass());
    try {
      var handling = errors.handle(execution, machine, error);
      fail(execution, handling == null ? text : text + "\n" + handling);
    } catch (OutOfMemoryError e) {
      ends.outOfMemory(execution, e);
    }
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
    // Reading its source may have looked as if its code waited.
    execution.code().outside().close();
    found.ifPresent(
        machine -> {
          machine.bind(execution);
          execution.allow(Objects.requireNonNullElse(machine.sandboxReuse(), Reuse.NEVER));
        });
    return found;
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
