package com.joyoi.management.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.joyoi.management.blame.InstanceCode;
import com.joyoi.management.concurrent.Cancellation;
import com.joyoi.management.concurrent.Futures;
import com.joyoi.management.concurrent.Timers;
import com.joyoi.management.engine.ProgramCall.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * What a program has asked for in one of its methods, until it was told how that ended. When the
 * method ends, nothing may be left. Thread-safe.
 */
final class ProgramCalls {
  /**
   * How late a program learns of a failure when the first that it does with the future, after it
   * has failed, is to hand it to {@code allOf} or {@code anyOf}. A program feels no 50 ms.
   */
  static final Duration LOOK_PERIOD = Duration.ofMillis(50);

  private final String method;
  private final Cancellation execution;
  private final InstanceCode code;
  private final Timers timers;
  private final Executor threads;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Set<ProgramCall<?>> open = new LinkedHashSet<>();

  @GuardedBy("lock")
  private boolean looking;

  @GuardedBy("lock")
  private boolean ended;

  /**
   * @param method of the program, for messages
   * @param code of the program, for who waits for a call or completes one
   * @param threads completes futures, which runs code of the program
   */
  ProgramCalls(
      String method, Cancellation execution, InstanceCode code, Timers timers, Executor threads) {
    this.method = method;
    this.execution = execution;
    this.code = code;
    this.timers = timers;
    this.threads = threads;
  }

  InstanceCode code() {
    return code;
  }

  /**
   * Notes something that the program asks for.
   *
   * @throws IllegalStateException when the method has ended
   */
  <T> ProgramCall<T> begin(Kind kind) {
    var call = new ProgramCall<T>(kind, new AskedAt(), this);
    synchronized (lock) {
      if (ended) {
        throw new IllegalStateException(
            method
                + " has ended, so nothing can be asked for any more; return or join all futures");
      }
      open.add(call);
    }
    return call;
  }

  /** The program was told, or has completed the future itself. */
  void forget(ProgramCall<?> call) {
    synchronized (lock) {
      open.remove(call);
    }
  }

  /** Looks from time to time whether the program has done something with what failed. */
  void tellLater() {
    synchronized (lock) {
      if (looking) {
        return;
      }
      looking = true;
    }
    try {
      timers.after(LOOK_PERIOD, "tell of failures", () -> threads.execute(this::look));
    } catch (RejectedExecutionException e) {
      heldBack().forEach(ProgramCall::tell);
    }
  }

  private void look() {
    boolean tellAll;
    synchronized (lock) {
      looking = false;
      tellAll = ended;
    }
    tellAll |= execution.isCancelled();
    var left = false;
    for (var call : heldBack()) {
      if (tellAll) {
        call.tell();
      } else {
        left |= !call.tellIfUsed();
      }
    }
    if (left) {
      tellLater();
    }
  }

  private List<ProgramCall<?>> heldBack() {
    return left().stream().filter(call -> call.heldBack() != null).toList();
  }

  private List<ProgramCall<?>> left() {
    synchronized (lock) {
      return new ArrayList<>(open);
    }
  }

  /**
   * The method has ended well: from now on nothing can be asked for.
   *
   * @throws ForgottenCallException when something is under way, or has failed and the program did
   *     nothing with the future
   */
  void end() {
    synchronized (lock) {
      ended = true;
    }
    var underWay = new ArrayList<ProgramCall<?>>();
    var failed = new ArrayList<ProgramCall<?>>();
    Throwable first = null;
    for (var call : left()) {
      if (call.isUnderWay()) {
        underWay.add(call);
        continue;
      }
      var failure = call.heldBack();
      if (failure != null && !call.tellIfUsed()) {
        failed.add(call);
        first = first == null ? Futures.unwrap(failure) : first;
        call.tell();
      }
    }
    if (!underWay.isEmpty() || !failed.isEmpty()) {
      throw new ForgottenCallException(method, underWay, failed, first);
    }
  }
}
