package com.joyoi.management.callback;

import com.joyoi.management.callback.CallbackClient.AnswerTooLongException;
import com.joyoi.management.callback.CallbackPolicy.RefusedException;
import com.joyoi.management.concurrent.Cancellation;
import com.joyoi.management.concurrent.Futures;
import com.joyoi.management.concurrent.Timers;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One call, repeated until its answer would stay the same, or its time is over. It has a thread
 * during an attempt and none between two. Attempts come one after the other, so that its fields
 * need no lock.
 */
final class RepeatedCall {
  /** A service that restarts is back within seconds; one that is down for long is not pestered. */
  static final Pauses PAUSES = new Pauses(Duration.ofSeconds(1), Duration.ofMinutes(1));

  /** The name of the timed task that a call waits for. */
  static final String NEXT_ATTEMPT = "next attempt of a call";

  private final Means means;
  private final CallbackRequest request;
  private final Cancellation cancellation;
  private final CallListener listener;

  /** Told only: what is measured has no clock that somebody sets. */
  private final Instant until;

  private final long start;
  private final CompletableFuture<String> end = new CompletableFuture<>();
  private int attempts;

  /**
   * What calls are made with.
   *
   * @param retryFor for so long after its start a call is repeated
   * @param threads for attempts and what follows them
   */
  record Means(
      CallbackClient client, Duration retryFor, Executor threads, Timers timers, Clock clock) {}

  RepeatedCall(
      Means means, CallbackRequest request, Cancellation cancellation, CallListener listener) {
    this.means = means;
    this.request = request;
    this.cancellation = cancellation;
    this.listener = listener;
    this.until = means.clock().instant().plus(means.retryFor());
    this.start = means.timers().nanoTime();
  }

  /** Makes the first attempt; the future has the answer's text. */
  CompletableFuture<String> begin() {
    attempt();
    return end;
  }

  private void attempt() {
    try {
      cancellation.throwIfCancelled();
      attempts++;
      var unused =
          means
              .client()
              .send(request, cancellation)
              .whenComplete(
                  (answer, error) -> {
                    try {
                      ended(answer, error == null ? null : Futures.unwrap(error));
                    } catch (RuntimeException | Error e) {
                      end.completeExceptionally(e);
                    }
                  });
    } catch (RuntimeException | Error e) {
      end.completeExceptionally(e);
    }
  }

  private void ended(@Nullable CallbackAnswer answer, @Nullable Throwable error) {
    if (answer != null && answer.isSuccess()) {
      over();
      end.complete(answer.text());
    } else if (answer != null && answer.isPassing()) {
      again("answered " + answer.status(), null, answer.pause(means.clock().instant()));
    } else if (answer != null) {
      fail("answered " + answer.status(), null);
    } else if (error instanceof RefusedException refused) {
      over();
      end.completeExceptionally(refused.reason());
    } else if (error instanceof AnswerTooLongException) {
      fail("failed: " + error.getMessage(), error);
    } else if (error instanceof IOException) {
      again("failed: " + CallbackClient.reason(error), error, Duration.ZERO);
    } else {
      end.completeExceptionally(error == null ? new CancellationException() : error);
    }
  }

  /** Waits, unless its time is over; the last attempt comes when it is. */
  private void again(String outcome, @Nullable Throwable cause, Duration asked) {
    var tried = Duration.ofNanos(means.timers().nanoTime() - start);
    var left = means.retryFor().minus(tried);
    if (!left.isPositive()) {
      fail(
          outcome
              + "; given up after "
              + attempts
              + (attempts == 1 ? " attempt" : " attempts")
              + " in "
              + tried.toSeconds()
              + " s",
          cause);
      return;
    }
    listener.waiting(said(outcome) + "; it is repeated until " + until);
    var pause = PAUSES.next(attempts, asked);
    waitFor(pause.compareTo(left) < 0 ? pause : left);
  }

  private void waitFor(Duration pause) {
    var awake = new CompletableFuture<Void>();
    var timer = means.timers().after(pause, NEXT_ATTEMPT, () -> awake.complete(null));
    var registration = cancellation.onCancel(() -> awake.complete(null));
    var unused =
        awake.thenRunAsync(
            () -> {
              timer.cancel();
              registration.close();
              attempt();
            },
            means.threads());
  }

  private void fail(String outcome, @Nullable Throwable cause) {
    over();
    end.completeExceptionally(new CallFailedException(said(outcome), cause));
  }

  private void over() {
    if (attempts > 1) {
      listener.waitsNoMore();
    }
  }

  private String said(String outcome) {
    return request.method() + " " + request.target() + " " + outcome;
  }
}
