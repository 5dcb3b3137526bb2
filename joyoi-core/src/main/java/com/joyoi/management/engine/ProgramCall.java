package com.joyoi.management.engine;

import com.joyoi.management.blame.InstanceCode;
import com.joyoi.management.concurrent.Futures;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a program asked for, as the future that it was given. It knows whether the program
 * did anything with it: every method does that, futures derived from it included, since all of them
 * are made by {@link #newIncompleteFuture}. Only the static {@code allOf} and {@code anyOf} call no
 * method; but they add a dependent, as long as the future is not complete. So a failure is held
 * back until the program has done something: then the two ways of doing nothing, to forget a future
 * and to hand one that has failed to {@code allOf}, can be told apart. Thread-safe.
 */
final class ProgramCall<T> extends CompletableFuture<T> {
  /** What can be asked for. */
  enum Kind {
    ACTOR_RUN("actor run", "actor runs"),
    UPLOAD("upload", "uploads"),
    STAGE("change of stage", "changes of stage"),
    HOST_CALL("call of the host", "calls of the host");

    private final String one;
    private final String many;

    Kind(String one, String many) {
      this.one = one;
      this.many = many;
    }

    String counted(int count) {
      return count + " " + (count == 1 ? one : many);
    }
  }

  private final Kind kind;
  private final AskedAt askedAt;
  private final ProgramCalls calls;
  private volatile IntSupplier parts = () -> 1;
  private volatile boolean settled;
  private volatile boolean used;
  private volatile @Nullable CompletionException heldBack;

  ProgramCall(Kind kind, AskedAt askedAt, ProgramCalls calls) {
    this.kind = kind;
    this.askedAt = askedAt;
    this.calls = calls;
  }

  Kind kind() {
    return kind;
  }

  AskedAt askedAt() {
    return askedAt;
  }

  /** How many of its kind this stands for, while it is under way. */
  int size() {
    return Math.max(1, parts.getAsInt());
  }

  /** One call may ask for many things: {@code count} says how many are still under way. */
  void countBy(IntSupplier count) {
    parts = count;
  }

  boolean isUnderWay() {
    return !settled && !super.isDone();
  }

  /** Ends as {@code work} does. */
  ProgramCall<T> follow(CompletionStage<T> work) {
    work.whenComplete(
        (value, error) -> {
          if (error == null) {
            succeed(value);
          } else {
            fail(error);
          }
        });
    return this;
  }

  private void succeed(T value) {
    settled = true;
    calls.forget(this);
    try (var ignored = calls.code().inside()) {
      complete(value);
    }
  }

  private void fail(Throwable error) {
    var failure =
        error instanceof CompletionException wrapped ? wrapped : new CompletionException(error);
    askedAt.addTo(Futures.unwrap(failure));
    heldBack = failure;
    settled = true;
    if (!tellIfUsed()) {
      calls.tellLater();
    }
  }

  /** What it failed with, when nobody was told of it; else null. */
  @Nullable Throwable heldBack() {
    return heldBack;
  }

  /** Completes it with its failure when the program has done something with it. */
  boolean tellIfUsed() {
    if (used || getNumberOfDependents() > 0 || super.isDone()) {
      tell();
      return true;
    }
    return false;
  }

  void tell() {
    var failure = heldBack;
    if (failure != null) {
      heldBack = null;
      calls.forget(this);
      try (var ignored = calls.code().inside()) {
        completeExceptionally(failure);
      }
    }
  }

  private void use() {
    used = true;
    tell();
  }

  /** The program's thread runs no code of it meanwhile. */
  private InstanceCode.Scope whileWaiting() {
    return super.isDone() ? () -> {} : calls.code().outside();
  }

  // All that a program can do with it.

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    use();
    return new CompletableFuture<>();
  }

  @Override
  public CompletableFuture<T> toCompletableFuture() {
    use();
    return this;
  }

  @Override
  public CompletionStage<T> minimalCompletionStage() {
    use();
    return super.minimalCompletionStage();
  }

  @Override
  public T join() {
    use();
    try (var ignored = whileWaiting()) {
      return super.join();
    }
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    use();
    try (var ignored = whileWaiting()) {
      return super.get();
    }
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    use();
    try (var ignored = whileWaiting()) {
      return super.get(timeout, unit);
    }
  }

  @Override
  public T getNow(T valueIfAbsent) {
    use();
    return super.getNow(valueIfAbsent);
  }

  @Override
  public T resultNow() {
    use();
    return super.resultNow();
  }

  @Override
  public Throwable exceptionNow() {
    use();
    return super.exceptionNow();
  }

  @Override
  public State state() {
    use();
    return super.state();
  }

  @Override
  public boolean isDone() {
    use();
    return super.isDone();
  }

  @Override
  public boolean isCancelled() {
    use();
    return super.isCancelled();
  }

  @Override
  public boolean isCompletedExceptionally() {
    use();
    return super.isCompletedExceptionally();
  }
}
