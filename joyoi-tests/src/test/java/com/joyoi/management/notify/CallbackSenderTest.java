package com.joyoi.management.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.callback.CallbackClient;
import com.joyoi.management.callback.CallbackPolicy;
import com.joyoi.management.callback.Receiver;
import com.joyoi.management.callback.Receiver.Seen;
import com.joyoi.management.concurrent.ManualTimers;
import com.joyoi.management.settings.CallbackOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallbackSenderTest {
  private static final String KEY = "only of this test";
  private static final Duration DAY = Duration.ofDays(1);

  private final ManualTimers timers = new ManualTimers();
  private final FakeDeliveries deliveries = new FakeDeliveries(timers.clock());
  private final Receiver receiver = new Receiver();
  private final Receiver other = new Receiver();
  private final CallbackSender sender = sender(KEY);

  @AfterEach
  void close() {
    receiver.close();
    other.close();
    sender.close();
  }

  private CallbackSender sender(@Nullable String key) {
    var hosts = List.of(receiver.rule(), other.rule());
    return new CallbackSender(
        "Test",
        new CallbackOptions(hosts, key, Duration.ofHours(1), DAY),
        new CallbackPolicy(hosts, Set::of),
        deliveries,
        timers,
        timers.clock());
  }

  private UUID add(String path) {
    return deliveries.add(UUID.randomUUID(), receiver.url() + path);
  }

  /** Lets time pass whenever the sender only waits, until the delivery shows this. */
  private void letCome(UUID id, String shown) {
    while (!deliveries.shown(id).matches(shown)) {
      if (!deliveries.isAnyClaimed()) {
        // Not past the deadline of a request that has been sent meanwhile.
        timers.advanceTo(CallbackSender.NEXT_LOOK);
      }
      Thread.onSpinWait();
    }
  }

  @Test
  void end_isTold_signedAndUnderTheDeliverysId() {
    var id = add("/told?by=1");
    sender.look();
    deliveries.awaitShown(id, "DELIVERED 1 ");

    var seen = receiver.seen().getFirst();
    assertThat(seen.method() + " " + seen.path()).isEqualTo("POST /told?by=1");
    assertThat(seen.header("Content-Type")).isEqualTo("application/json");
    assertThat(seen.header("Idempotency-Key")).isEqualTo(id.toString());
    assertThat(seen.body())
        .matches(
            "\\{\"id\":\"[0-9a-f-]{36}\",\"name\":\"Judge\",\"status\":\"Succeeded\","
                + "\"stage\":\"Finished\",\"exception\":null,"
                + "\"endTime\":\"2026-01-01T00:00:00Z\"}");
    assertThat(seen.header("X-JoyOI-Signature"))
        .isEqualTo(new CallbackSignature(KEY).of(seen.body(), timers.clock().instant()))
        .startsWith("t=1767225600,v1=");
  }

  /** The HMAC of a text that other programs gave: echo -n '1.{}' | openssl dgst -sha256 -hmac … */
  @Test
  void signature_isTheOneThatOthersCompute() {
    assertThat(new CallbackSignature("key").of("{}", Instant.ofEpochSecond(1)))
        .isEqualTo("t=1,v1=1ba6b8171186efc613e8bcc0cbdab2748f24984d7c5a84faa2637afa0e40d224");
  }

  @Test
  void withoutKey_thereIsNoSignature() {
    var id = add("/");
    try (var unsigned = sender(null)) {
      unsigned.look();
      deliveries.awaitShown(id, "DELIVERED 1 ");
    }
    assertThat(receiver.seen().getFirst().header("X-JoyOI-Signature")).isEqualTo("null");
  }

  @Test
  void answers_thatAreNo2xx_areRepeatedUnderTheSameKey() {
    receiver.answer(503, 404, 302);
    var id = add("/");
    sender.look();
    deliveries.awaitShown(id, "WAITING 1 answered 503");

    letCome(id, "DELIVERED 4 ");

    assertThat(receiver.seen()).hasSize(4);
    assertThat(receiver.seen().stream().map(it -> it.header("Idempotency-Key")).distinct())
        .containsExactly(id.toString());
  }

  @Test
  void answer_thatIsTooLongToRead_countsByItsStatus() {
    receiver.answerWithBytes(200, 2 << 20).answerWithBytes(500, 2 << 20);
    var taken = add("/");
    sender.look();
    deliveries.awaitShown(taken, "DELIVERED 1 ");

    var refused = add("/");
    sender.look();
    deliveries.awaitShown(refused, "WAITING 1 answered 500");
  }

  @Test
  void retryAfter_isHonoured() {
    receiver.answerWithRetryAfter(429, "3600");
    var id = add("/");
    sender.look();
    deliveries.awaitShown(id, "WAITING 1 answered 429");
    timers.awaitPending(CallbackSender.NEXT_LOOK);

    var before = timers.clock().instant();
    letCome(id, "DELIVERED 2 ");

    assertThat(timers.clock().instant()).isAfterOrEqualTo(before.plusSeconds(3600));
  }

  @Test
  void receiver_thatStaysDown_isGivenUpAfterADay() {
    var many = new int[500];
    Arrays.fill(many, 503);
    receiver.answer(many);
    var start = timers.clock().instant();
    var id = add("/");
    sender.look();

    letCome(id, "GIVEN_UP .*");

    assertThat(deliveries.shown(id)).endsWith(" answered 503");
    assertThat(Duration.between(start, timers.clock().instant())).isBetween(DAY, DAY.plusHours(1));
    assertThat(receiver.seen().size()).isBetween(80, 220);
  }

  @Test
  void ends_ofOneInstance_areToldInTheirOrder() {
    receiver.answer(503);
    var instance = UUID.randomUUID();
    var first = deliveries.add(instance, receiver.url() + "/first");
    var second = deliveries.add(instance, receiver.url() + "/second");
    sender.look();
    deliveries.awaitShown(first, "WAITING 1 answered 503");

    letCome(second, "DELIVERED 1 ");

    assertThat(receiver.seen())
        .extracting(Seen::path)
        .containsExactly("/first", "/first", "/second");
  }

  @Test
  void receiver_thatNeverAnswers_holdsUpNobodyElse() {
    var silence = new int[100];
    receiver.answer(silence);
    for (int i = 0; i < 100; i++) {
      add("/" + i);
    }
    var id = deliveries.add(UUID.randomUUID(), other.url());
    sender.look();

    deliveries.awaitShown(id, "DELIVERED 1 ");
    receiver.awaitSeen(InFlight.PER_RECEIVER);
    timers.awaitPending(CallbackSender.NEXT_LOOK);
    assertThat(receiver.seen()).hasSize(InFlight.PER_RECEIVER);

    timers.advance(CallbackClient.EXCHANGE_TIMEOUT);
    receiver.awaitSeen(2 * InFlight.PER_RECEIVER);
  }

  @Test
  void host_thatMayNotBeCalled_isNotCalled() {
    var id = deliveries.add(UUID.randomUUID(), "http://elsewhere.example/secret");
    sender.look();
    deliveries.awaitShown(
        id, "WAITING 1 failed: parameters.CallbackUrl may not be called any more (Callback.Hosts)");
  }

  @Test
  void delivery_askedForByHand_isSentAtOnce() {
    receiver.answer(503);
    var id = add("/");
    sender.look();
    deliveries.awaitShown(id, "WAITING 1 answered 503");

    assertThat(sender.retry(id)).isTrue();

    deliveries.awaitShown(id, "DELIVERED 1 ");
  }

  @Test
  void delivery_whoseOutcomeIsHeldForLongerThanItsLease_isNotSentAgain() throws Exception {
    var held = new CompletableFuture<Void>();
    deliveries.holdSettlesUntil(held);
    var id = add("/");
    sender.look();
    deliveries.awaitSettling();
    timers.awaitPending(CallbackSender.NEXT_LOOK);
    var before = deliveries.looks();

    while (deliveries.looks() < before + 3) {
      timers.advance(CallbackSender.LEASE);
      timers.awaitPending(CallbackSender.NEXT_LOOK);
    }
    held.complete(null);
    deliveries.awaitShown(id, "DELIVERED 1 ");

    assertThat(receiver.seen()).hasSize(1);
  }

  @Test
  void nothingDue_costsALookAMinute() {
    sender.look();
    timers.awaitPending(CallbackSender.NEXT_LOOK);

    for (int minute = 1; minute <= 10; minute++) {
      timers.advance(Duration.ofMinutes(1));
      timers.awaitPending(CallbackSender.NEXT_LOOK);
    }

    assertThat(deliveries.looks()).isEqualTo(11);
  }

  @Test
  void sender_closed_looksNoMore() {
    sender.close();
    var id = add("/");
    sender.look();

    assertThat(timers.pending()).isEmpty();
    assertThat(deliveries.shown(id)).isEqualTo("WAITING 0 ");
  }
}
