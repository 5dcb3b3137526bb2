package com.joyoi.management.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyTest extends HttpContract {
  private static final String PATH = "/api/v1/StateMachineInstance";

  private Answer create(String json, String... keys) {
    return send(creation(request(PATH), json, keys));
  }

  private static HttpRequest creation(HttpRequest.Builder request, String json, String... keys) {
    request.header("Content-Type", "application/json").PUT(BodyPublishers.ofString(json));
    for (var key : keys) {
      request.header("Idempotency-Key", key);
    }
    return request.build();
  }

  private static String id(Answer answer) {
    return answer.data().get("id").textValue();
  }

  @Test
  void request_sentTwice_makesOneInstance() {
    var first = create("{\"name\":\"S\"}", "key-1");

    assertThat(id(create("{\"name\":\"S\"}", "key-1"))).isEqualTo(id(first));
    assertThat(id(create("{\"name\":\"S\"}", "key-2"))).isNotEqualTo(id(first));
    assertThat(id(create("{\"name\":\"S\"}"))).isNotEqualTo(id(first));
  }

  @Test
  void request_writtenDifferently_isTheSame() {
    var first =
        create("{\"name\":\"S\",\"parameters\":{\"a\":\"1\",\"b\":null},\"priority\":0}", "k");

    var second =
        create(
            "{ \"Parameters\":{\"b\":null,\"a\":\"1\"}, \"limitation\":null,\"Name\":\"S\"}", "k");

    assertThat(id(second)).isEqualTo(id(first));
  }

  @Test
  void key_withAnotherRequest_isConflict() {
    create("{\"name\":\"S\"}", "k");

    assertThat(create("{\"name\":\"S\",\"priority\":1}", "k").status()).isEqualTo(409);
    assertThat(create("{\"name\":\"T\"}", "k").status()).isEqualTo(409);
  }

  @Test
  void key_ofAnotherCaller_isAnother() {
    var first = create("{\"name\":\"S\"}", "k");

    var other = send(creation(HttpRequest.newBuilder(uri(PATH)), "{\"name\":\"T\"}", "k"));

    assertThat(other.status()).isEqualTo(200);
    assertThat(id(other)).isNotEqualTo(id(first));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b"})
  void key_malformed_isRefused(String key) {
    var answer = create("{\"name\":\"S\"}", key);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.message()).contains("Idempotency-Key");
  }

  @Test
  void key_length_isBounded() {
    assertThat(create("{\"name\":\"S\"}", "k".repeat(255)).status()).isEqualTo(200);
    assertThat(create("{\"name\":\"S\"}", "k".repeat(256)).status()).isEqualTo(400);
  }

  @Test
  void keys_several_areRefused() {
    assertThat(create("{\"name\":\"S\"}", "a", "b").status()).isEqualTo(400);
  }
}
