package com.joyoi.management.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.concurrent.Cancellation;
import com.joyoi.management.concurrent.ManualTimers;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a call is repeated, for how long, and what of it is seen. */
class RepeatedCallTest {
  private static final Duration BOUND = Duration.ofHours(1);

  private final ManualTimers timers = new ManualTimers();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Cancellation cancellation = new Cancellation();
  private final Receiver receiver = new Receiver();
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());
  private final HttpInvoker invoker =
      new HttpInvoker(
          new CallbackPolicy(List.of(receiver.rule()), Set::of),
          BOUND,
          threads,
          timers,
          timers.clock());

  @AfterEach
  void close() {
    invoker.close();
    receiver.close();
    threads.close();
  }

  private CompletableFuture<String> post() {
    return invoker.invoke(
        new HostCall(receiver.url(), "POST", "/result", List.of(1)),
        "the-key",
        cancellation,
        new CallListener() {
          @Override
          public void waiting(String reason) {
            told.add(reason);
          }

          @Override
          public void waitsNoMore() {
            told.add("");
          }
        });
  }

  /** Lets it wait, whenever it does, until it has ended. */
  private void letEnd(CompletableFuture<String> call) {
    while (!call.isDone()) {
      if (timers.pending().contains(RepeatedCall.NEXT_ATTEMPT)) {
        timers.advance(RepeatedCall.PAUSES.longest());
      }
      Thread.onSpinWait();
    }
  }

  private Instant now() {
    return timers.clock().instant();
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504})
  void answer_thatMayChange_isWaitedForUnderTheSameKey(int status) throws Exception {
    receiver.answer(status, status, 200);
    var call = post();
    letEnd(call);

    assertThat(call.get()).isEmpty();
    assertThat(receiver.seen())
        .hasSize(3)
        .allSatisfy(
            it -> {
              assertThat(it.method() + " " + it.path() + " " + it.body())
                  .isEqualTo("POST /result [1]");
              assertThat(it.header("Idempotency-Key")).isEqualTo("the-key");
              assertThat(it.header("Content-Type")).isEqualTo("application/json");
            });
  }

  @Test
  void call_thatWaits_tellsWhyAndUntilWhen() throws Exception {
    var until = now().plus(BOUND);
    receiver.answer(503);
    var call = post();
    timers.awaitPending(RepeatedCall.NEXT_ATTEMPT);

    assertThat(told)
        .containsExactly(
            "POST " + receiver.url() + "/result answered 503; it is repeated until " + until);
    letEnd(call);
    assertThat(told).hasSize(2).last().isEqualTo("");
  }

  @Test
  void call_answeredAtOnce_tellsNothing() throws Exception {
    assertThat(post().get()).isEmpty();
    assertThat(told).isEmpty();
  }

  @Test
  void receiver_thatIsDown_isWaitedFor() {
    receiver.close();
    var call = post();
    timers.awaitPending(RepeatedCall.NEXT_ATTEMPT);

    assertThat(call).isNotDone();
    assertThat(told.getFirst())
        .startsWith("POST " + receiver.url() + "/result failed: ")
        .containsIgnoringCase("refused");
  }

  @Test
  void call_whoseTimeIsOver_saysHowLongItWasTriedAndTheLastAnswer() {
    var many = new int[1000];
    Arrays.fill(many, 503);
    receiver.answer(many);
    var start = now();
    var call = post();
    letEnd(call);

    assertThatThrownBy(call::get)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessageMatching(
            "POST http://127.0.0.1:\\d+/result answered 503; given up after \\d+ attempts in"
                + " 3600 s");
    assertThat(now()).isAfterOrEqualTo(start.plus(BOUND));
    assertThat(receiver.seen().size()).isBetween(60, 130);
    assertThat(told).last().isEqualTo("");
  }

  @Test
  void call_whileTheClockIsPutForward_isNotGivenUp() throws Exception {
    receiver.answer(503, 503, 200);
    var call = post();
    timers.awaitPending(RepeatedCall.NEXT_ATTEMPT);

    timers.clock().advance(BOUND.multipliedBy(2));
    letEnd(call);

    assertThat(call.get()).isEmpty();
  }

  @Test
  void retryAfter_inSeconds_isHonoured() throws Exception {
    receiver.answerWithRetryAfter(429, "120");
    var call = post();
    timers.awaitPending(RepeatedCall.NEXT_ATTEMPT);

    timers.advance(Duration.ofSeconds(119));
    assertThat(timers.pending()).contains(RepeatedCall.NEXT_ATTEMPT);
    timers.advance(Duration.ofSeconds(1));

    assertThat(call.get()).isEmpty();
  }

  @Test
  void retryAfter_asADate_isHonoured() throws Exception {
    var date =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(now().plusSeconds(120).atZone(ZoneOffset.UTC));
    receiver.answerWithRetryAfter(503, date);
    var call = post();
    timers.awaitPending(RepeatedCall.NEXT_ATTEMPT);

    timers.advance(Duration.ofSeconds(119));
    assertThat(timers.pending()).contains(RepeatedCall.NEXT_ATTEMPT);
    timers.advance(Duration.ofSeconds(1));

    assertThat(call.get()).isEmpty();
  }

  @Test
  void retryAfter_behindTheBound_isCutToIt() throws Exception {
    receiver.answerWithRetryAfter(503, "999999999");
    var call = post();
    timers.awaitPending(RepeatedCall.NEXT_ATTEMPT);

    timers.advance(BOUND);

    assertThat(call.get()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "-1", "1.5", "Thu, 01 Jan 1970 00:00:00 GMT"})
  void retryAfter_thatSaysNothing_countsAsNone(String text) throws Exception {
    receiver.answerWithRetryAfter(503, text);
    var call = post();
    timers.awaitPending(RepeatedCall.NEXT_ATTEMPT);

    timers.advance(RepeatedCall.PAUSES.first());

    assertThat(call.get()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 302, 400, 401, 403, 404, 409, 422})
  void answer_thatIsTheProgramsFault_failsAtOnce(int status) {
    receiver.answer(status);

    assertThatThrownBy(() -> post().get())
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("POST " + receiver.url() + "/result answered " + status);
    assertThat(receiver.seen()).hasSize(1);
    assertThat(told).isEmpty();
  }

  @Test
  void receiver_thatNeverAnswers_isCalledAgainAfterAMinute() throws Exception {
    receiver.answer(Receiver.SILENCE);
    var call = post();
    receiver.awaitSeen(1);

    timers.advance(CallbackClient.EXCHANGE_TIMEOUT);
    timers.awaitPending(RepeatedCall.NEXT_ATTEMPT);
    assertThat(told.getFirst()).contains("failed: no complete answer within 60 s");
    letEnd(call);

    assertThat(call.get()).isEmpty();
  }

  @Test
  void call_cancelledWhileItWaits_endsAtOnce() {
    receiver.answer(503);
    var call = post();
    timers.awaitPending(RepeatedCall.NEXT_ATTEMPT);

    cancellation.cancel("the instance was deleted");

    assertThatThrownBy(call::get)
        .isInstanceOfAny(CancellationException.class, ExecutionException.class)
        .hasStackTraceContaining("the instance was deleted");
    assertThat(timers.pending()).isEmpty();
    assertThat(receiver.seen()).hasSize(1);
  }

  @Test
  void call_cancelledDuringAnAttempt_endsAtOnce() {
    receiver.answer(Receiver.SILENCE);
    var call = post();
    receiver.awaitSeen(1);

    cancellation.cancel("the instance was deleted");

    assertThatThrownBy(call::get).hasStackTraceContaining("the instance was deleted");
  }

  @Test
  void pauses_between_growToTheLongestAndAreJittered() {
    var pauses = RepeatedCall.PAUSES;
    for (int failures = 1; failures < 2000; failures++) {
      var whole = Math.min(60_000L, 1000L << Math.min(failures - 1, 20));
      assertThat(pauses.next(failures, Duration.ZERO).toMillis()).isBetween(whole / 2, whole);
    }
    assertThat(pauses.next(1, Duration.ofMinutes(7))).isEqualTo(Duration.ofMinutes(7));
  }
}
