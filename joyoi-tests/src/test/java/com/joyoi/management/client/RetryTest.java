package com.joyoi.management.client;

import static com.joyoi.management.client.ScriptedServer.bytes;
import static com.joyoi.management.client.ScriptedServer.hangUp;
import static com.joyoi.management.client.ScriptedServer.ok;
import static com.joyoi.management.client.ScriptedServer.refuse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.joyoi.management.model.ActorLanguage;
import com.joyoi.management.model.InstanceRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is tried again, and what is not. */
class RetryTest {
  private static final UUID ID = new UUID(1, 2);
  private static final String NEW_ID = "{\"id\":\"" + ID + "\"}";
  private static final InstanceRequest REQUEST = new InstanceRequest("Judge", List.of());

  private final ScriptedServer server = new ScriptedServer();
  private final JoyoiClient client = server.client().build();

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @Test
  void get_whenTheConnectionIsLost_isRepeated() {
    server.then(hangUp(), hangUp(), hangUp(), hangUp(), ok("[]"));

    assertThat(client.actors().list()).isEmpty();
  }

  @Test
  void get_whenNobodyListens_saysWho() {
    server.close();

    assertThatThrownBy(() -> client.actors().list())
        .isInstanceOf(JoyoiClientException.class)
        .hasMessageContaining("got no answer: 127.0.0.1:")
        .hasMessageEndingWith(" refused the connection, or can't be reached");
  }

  @Test
  void get_whenTheServiceIsBusy_waitsAsAsked() {
    server.then(
        bytes(503, "{}".getBytes(StandardCharsets.UTF_8), Map.of("Retry-After", "7")),
        refuse(502, "gateway"),
        ok("[]"));

    assertThat(client.actors().list()).isEmpty();

    assertThat(server.seen()).hasSize(3);
    assertThat(server.pauses()).hasSize(2).first().isEqualTo(Duration.ofSeconds(7));
    assertThat(server.pauses().getLast()).isBetween(Duration.ofMillis(200), Duration.ofMillis(400));
  }

  @Test
  void get_whenTheServiceAsksForTooLong_givesUpAtOnce() {
    server.then(bytes(503, "{}".getBytes(StandardCharsets.UTF_8), Map.of("Retry-After", "3600")));

    var failure = catchThrowableOfType(JoyoiClientException.class, () -> client.actors().list());

    assertThat(failure.status()).isEqualTo(503);
    assertThat(failure.retryAfter()).isEqualTo(Duration.ofHours(1));
    assertThat(failure.isRetryable()).isTrue();
    assertThat(server.seen()).hasSize(1);
  }

  @Test
  void get_thatIsRefused_isNotRepeated() {
    server.then(refuse(400, "limit is 0"));

    assertThatThrownBy(() -> client.nodes().list())
        .isInstanceOf(JoyoiClientException.class)
        .hasMessageEndingWith("GET /api/v1/DockerNode/All was refused with 400: limit is 0");

    assertThat(server.seen()).hasSize(1);
  }

  @Test
  void putOfADefinition_withoutAnAnswer_isNotRepeated() {
    server.then(hangUp());

    assertThatThrownBy(() -> client.actors().create("A", ActorLanguage.BASH, "true"))
        .isInstanceOf(JoyoiClientException.class)
        .hasMessageContaining("got no answer");

    assertThat(server.seen()).hasSize(1);
  }

  @Test
  void restart_ofABusyService_isNotRepeated() {
    server.then(refuse(503, "busy"));

    assertThatThrownBy(() -> client.instances().restart(ID, "Run", null))
        .isInstanceOf(JoyoiClientException.class);

    assertThat(server.seen()).hasSize(1);
  }

  @Test
  void putOfAnInstance_withoutAnAnswer_isRepeatedUnderTheSameKey() {
    server.then(hangUp(), refuse(503, "busy"), ok(NEW_ID));

    assertThat(client.instances().create(REQUEST)).isEqualTo(ID);

    assertThat(server.seen()).extracting(seen -> seen.header("Idempotency-Key")).hasSize(3);
    assertThat(server.seen())
        .extracting(seen -> seen.header("Idempotency-Key"))
        .doesNotContainNull()
        .containsOnly(server.seen().getFirst().header("Idempotency-Key"));
  }

  @Test
  void putsOfInstances_haveDifferentKeys() {
    server.then(ok(NEW_ID), ok(NEW_ID));

    client.instances().create(REQUEST);
    client.instances().create(REQUEST);

    assertThat(server.seen())
        .extracting(seen -> seen.header("Idempotency-Key"))
        .doesNotHaveDuplicates();
  }

  @Test
  void upload_whenTheConnectionIsLost_sendsAllOfItAgain() {
    var done = "{\"id\":\"" + ID + "\",\"size\":5,\"sha256\":\"ab\"}";
    server.then(hangUp(), ok(done));

    var uploaded =
        client.blobs().upload(BlobContent.of("hello".getBytes(StandardCharsets.UTF_8)), "a b", 9L);

    assertThat(uploaded.size()).isEqualTo(5);
    assertThat(server.lines())
        .containsOnly("PUT /api/v1/Blob/Raw?remark=a%20b&timeStamp=9")
        .hasSize(2);
    assertThat(server.seen()).extracting(ScriptedServer.Seen::text).containsOnly("hello");
  }

  @Test
  void upload_ofContentThatCantBeRead_isNotRepeated() {
    server.then(ok(NEW_ID), ok(NEW_ID));
    BlobContent broken =
        () ->
            new InputStream() {
              @Override
              public int read() throws IOException {
                throw new IOException("disk on fire");
              }
            };

    assertThatThrownBy(() -> client.blobs().upload(broken))
        .isInstanceOf(JoyoiClientException.class)
        .hasMessageContaining("disk on fire");

    assertThat(server.pauses()).isEmpty();
  }

  @Test
  void delete_whoseAnswerWasLost_takesGoneForDone() {
    server.then(hangUp(), refuse(404, "blob not found"));

    client.blobs().delete(ID);

    assertThat(server.seen()).hasSize(2);
  }

  @Test
  void delete_ofWhatNeverWas_isAnError() {
    server.then(refuse(404, "blob not found"));

    assertThatThrownBy(() -> client.blobs().delete(ID))
        .isInstanceOfSatisfying(
            JoyoiClientException.class, e -> assertThat(e.status()).isEqualTo(404));
  }

  @Test
  void deleteOfAName_withoutAnAnswer_isNotRepeated() {
    server.then(hangUp());

    assertThatThrownBy(() -> client.actors().delete("A")).isInstanceOf(JoyoiClientException.class);

    assertThat(server.seen()).hasSize(1);
  }

  @Test
  void anyCall_whileNobodyListens_isRepeatedUntilTheBudgetIsSpent() {
    URI nobody;
    try (var closed = new ScriptedServer()) {
      nobody = closed.uri();
    }
    try (var lonely =
        JoyoiClient.builder(nobody)
            .retryFor(Duration.ofMinutes(1))
            .pauser(server.pauses()::add)
            .build()) {
      assertThatThrownBy(() -> lonely.actors().create("A", ActorLanguage.BASH, "true"))
          .isInstanceOfSatisfying(
              JoyoiClientException.class,
              e -> {
                assertThat(e.status()).isEqualTo(JoyoiClientException.NO_ANSWER);
                assertThat(e.isRetryable()).isTrue();
              });
    }

    assertThat(server.pauses()).hasSizeGreaterThan(5);
    assertThat(server.pauses().stream().reduce(Duration.ZERO, Duration::plus))
        .isLessThanOrEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void silence_endsWithTheTimeOut() {
    server.then(server.silence());
    try (var hasty =
        server.client().timeout(Duration.ofMillis(50)).retryFor(Duration.ZERO).build()) {
      assertThatThrownBy(() -> hasty.actors().list())
          .isInstanceOf(JoyoiClientException.class)
          .hasMessageContaining("no answer within PT0.05S");
    }
  }

  @Test
  void wait_isAddedToTheTimeOut() {
    server.then(refuse(500, "internal error"));

    assertThatThrownBy(() -> client.instances().awaitEnd(ID, Duration.ofMinutes(10)))
        .isInstanceOf(JoyoiClientException.class);

    assertThat(server.lines())
        .containsExactly("GET /api/v1/StateMachineInstance/" + ID + "?wait=60");
  }
}
