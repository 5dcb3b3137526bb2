package com.joyoi.management.client;

import static com.joyoi.management.client.ScriptedServer.bytes;
import static com.joyoi.management.client.ScriptedServer.json;
import static com.joyoi.management.client.ScriptedServer.ok;
import static com.joyoi.management.client.ScriptedServer.refuse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.joyoi.management.model.ActorLanguage;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.Diagnostic;
import com.joyoi.management.model.InstanceFilter;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.LimitationChange;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What goes over the wire, and how answers are read. */
class AnswerTest {
  private static final UUID ID = new UUID(1, 2);
  private static final String INSTANCE =
      """
      {"id":"%s","name":"Judge","status":"Running","stage":"Compile",
       "startedActors":[{"name":"A","startTime":"2024-05-06T07:08:09.123456Z","endTime":null,
         "inputs":[],"outputs":[{"id":"%s","name":"o","tag":null}],"exceptions":null,
         "status":"Succeeded","stage":"Compile","tag":null,"usedNode":null,"usedContainer":null}],
       "initialBlobs":[],"limitation":{"memory":5},"parameters":{"Host":null},"priority":-1,
       "fromManagementService":"Default","reRunTimes":0,"exception":null,"executionKey":"k",
       "startTime":"2024-05-06T07:08:09Z","endTime":null,"somethingNewer":{"a":[1]}}"""
          .formatted(ID, ID);

  private final ScriptedServer server = new ScriptedServer();
  private final JoyoiClient client = server.client().token("secret-of-a-test").build();

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @Test
  void list_thatIsCut_isReadOn() {
    var blob = "[{\"id\":\"%s\",\"timeStamp\":1,\"remark\":null,\"size\":1,\"sha256\":\"%d\"}]";
    var link = Map.of("Link", "</elsewhere/api/v1/Blob/All?limit=1&after=x%20y>; rel=\"next\"");
    var first = "{\"code\":200,\"msg\":\"cut\",\"data\":" + blob.formatted(ID, 1) + "}";
    server.then(
        bytes(200, first.getBytes(StandardCharsets.UTF_8), link), ok(blob.formatted(ID, 2)));

    assertThat(client.blobs().list()).extracting(info -> info.sha256()).containsExactly("1", "2");
    assertThat(server.lines())
        .containsExactly("GET /api/v1/Blob/All", "GET /api/v1/Blob/All?limit=1&after=x%20y");
  }

  @Test
  void instance_withUnknownProperties_isRead() {
    server.then(ok(INSTANCE));

    var instance = client.instances().find(ID).orElseThrow();

    assertThat(instance.status()).isEqualTo(InstanceStatus.RUNNING);
    assertThat(instance.startedActors().getFirst().startTime())
        .isEqualTo(Instant.parse("2024-05-06T07:08:09.123456Z"));
    assertThat(instance.startedActors().getFirst().exceptions()).isEmpty();
    assertThat(instance.parameters()).containsEntry("Host", null);
    assertThat(instance.limitation()).isEqualTo(Limitation.builder().memory(5L).build());
    assertThat(server.seen().getFirst().header("Authorization"))
        .isEqualTo("Bearer secret-of-a-test");
  }

  @Test
  void request_isCamelCaseWithoutNulls() {
    server.then(ok("{\"id\":\"" + ID + "\"}"));
    var parameters = new HashMap<String, String>();
    parameters.put("Host", null);
    var request =
        new InstanceRequest(
            "Judge",
            List.of(new BlobReference(ID, "in.txt")),
            Limitation.builder().executionTimeout(1000L).build(),
            parameters,
            3);

    client.instances().create(request);

    assertThat(server.seen().getFirst().text())
        .isEqualTo(
            "{\"name\":\"Judge\",\"initialBlobs\":[{\"id\":\""
                + ID
                + "\",\"name\":\"in.txt\"}],\"limitation\":{\"executionTimeout\":1000},"
                + "\"parameters\":{\"Host\":null},\"priority\":3}");
    assertThat(server.seen().getFirst().header("Content-Type")).isEqualTo("application/json");
  }

  @Test
  void changeOfLimits_hasNullsForWhatItRemoves() {
    server.then(ok("{\"patched\":1}"));
    var set = Limitation.builder().pidsLimit(9L).ulimit(Map.of("nofile", 5L)).build();

    client
        .stateMachines()
        .changeLimits("编译 C++", LimitationChange.of(set).without("memory").without("ulimit.core"));

    assertThat(server.lines())
        .containsExactly("PATCH /api/v1/StateMachine/%E7%BC%96%E8%AF%91%20C%2B%2B");
    assertThat(server.seen().getFirst().text())
        .isEqualTo(
            "{\"limitation\":{\"memory\":null,\"pidsLimit\":9,"
                + "\"ulimit\":{\"core\":null,\"nofile\":5}}}");
  }

  @Test
  void update_withLimits_sendsThoseThatAreSet() {
    server.then(ok("{\"patched\":1}"), ok("{\"patched\":1}"));

    client.stateMachines().update("J", null, "x", Limitation.builder().memory(7L).build());
    client.stateMachines().update("J", "K", null, null);

    assertThat(server.seen())
        .extracting(request -> request.text())
        .containsExactly("{\"body\":\"x\",\"limitation\":{\"memory\":7}}", "{\"name\":\"K\"}");
  }

  @Test
  void missingThing_isEmpty() {
    server.then(refuse(404, "actor not found"));

    assertThat(client.actors().find("a/b c")).isEmpty();

    assertThat(server.lines()).containsExactly("GET /api/v1/Actor/a%2Fb%20c");
  }

  @Test
  void bodyThatDoesNotCompile_givesItsDiagnostics() {
    server.then(
        json(
            400,
            "{\"code\":400,\"msg\":\"no\",\"data\":{\"diagnostics\":"
                + "[{\"line\":3,\"column\":7,\"message\":\"what?\"}]}}"));

    var failure =
        catchThrowableOfType(
            JoyoiClientException.class,
            () -> client.actors().create("A", ActorLanguage.JAVA, "class"));

    assertThat(failure.status()).isEqualTo(400);
    assertThat(failure.msg()).isEqualTo("no");
    assertThat(failure.isRetryable()).isFalse();
    assertThat(failure.diagnostics()).containsExactly(new Diagnostic(3, 7, "what?"));
    assertThat(failure).hasMessageNotContaining("secret-of-a-test");
  }

  @Test
  void answerThatIsNoEnvelope_isAnErrorOfItsOwn() {
    server.then(json(200, "<html>"), json(200, "{}"), ok("{\"id\":\"no uuid\"}"));

    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> client.actors().create("A", ActorLanguage.BASH, "true"))
          .isInstanceOf(JoyoiClientException.class)
          .hasMessageContaining("can't be read");
    }
  }

  @Test
  void stream_ofInstances_readsPageAfterPage() {
    var other = INSTANCE.replaceFirst(ID.toString(), new UUID(1, 3).toString());
    server.then(ok("[" + other + "," + INSTANCE + "]"), ok("[" + other + "]"));
    var filter =
        new InstanceFilter("Judge", null, InstanceStatus.RUNNING, Instant.EPOCH, null, null, 2);

    assertThat(client.instances().stream(filter)).hasSize(3);

    assertThat(server.lines())
        .containsExactly(
            "GET /api/v1/StateMachineInstance/All?name=Judge&status=Running"
                + "&begin_time=1970-01-01T00%3A00%3A00Z&limit=2",
            "GET /api/v1/StateMachineInstance/All?name=Judge&status=Running"
                + "&begin_time=1970-01-01T00%3A00%3A00Z&limit=2&after="
                + ID);
  }

  @Test
  void readiness_isNoException() {
    server.then(refuse(503, "not ready"), ok("\"ready\""));

    assertThat(client.status().isReady()).isFalse();
    assertThat(client.status().isReady()).isTrue();
    assertThat(server.pauses()).isEmpty();
  }

  @Test
  void badArguments_areNamed() {
    assertThatThrownBy(() -> JoyoiClient.builder(URI.create("ftp://host")))
        .hasMessageContaining("service is 'ftp://host'");
    assertThatThrownBy(() -> JoyoiClient.builder(server.uri()).token("a\nb"))
        .isInstanceOf(JoyoiClientException.class)
        .hasMessageContaining("token")
        .hasMessageNotContaining("a\nb");
    assertThatThrownBy(
            () -> client.instances().create(new InstanceRequest("J", List.of()), "a key"))
        .hasMessageContaining("idempotencyKey is 'a key'");
  }
}
