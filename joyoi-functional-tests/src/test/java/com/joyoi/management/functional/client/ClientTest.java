package com.joyoi.management.functional.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.joyoi.management.bootstrap.ManagementService;
import com.joyoi.management.client.BlobContent;
import com.joyoi.management.client.InstanceEvent;
import com.joyoi.management.client.JoyoiClient;
import com.joyoi.management.client.JoyoiClientException;
import com.joyoi.management.functional.LeftOut;
import com.joyoi.management.functional.RunsActors;
import com.joyoi.management.functional.TestBed;
import com.joyoi.management.model.ActorLanguage;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceFilter;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.LimitationChange;
import com.joyoi.management.web.api.Access;
import com.joyoi.management.web.api.WebServer;
import com.joyoi.management.web.config.HttpOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every call of the client once, on a service with the embedded database. */
@RunsActors
@LeftOut("it is about the Java client, not about nodes")
class ClientTest {
  private static final String TOKEN = "test-token-test-token-test-token-test-token";

  /** An instance of these tests takes seconds; a slow machine may need more. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final String UPPER =
      """
      set -e
      tr a-z A-Z < in.txt > out.txt
      echo '{"Outputs": ["out.txt"]}' > return.json
      """;

  private static final String MACHINE =
      """
      import com.joyoi.management.usercode.*;
      import java.util.concurrent.CompletableFuture;

      public class ToUpper extends StateMachine {
        @Override
        public CompletableFuture<Void> runAsync() {
          switch (stage()) {
            case INITIAL_STAGE:
            case "Upper":
              setStageAsync("Upper").join();
              deployAndRunActorAsync(new RunActorParam("Upper", initialBlobs())).join();
              break;
            default:
              throw unknownStage();
          }
          return completed();
        }
      }
      """;

  @TempDir private static Path dataDir;
  @TempDir private Path folder;
  private static ManagementService service;
  private static WebServer server;
  private static JoyoiClient client;

  @BeforeAll
  static void start() {
    service =
        ManagementService.builder(
                TestBed.options("Client-" + UUID.randomUUID(), dataDir.resolve("data"), null))
            .start();
    server =
        WebServer.start(
            service, HttpOptions.DEFAULTS.withPort(0), Access.onLoopback(TOKEN, "127.0.0.1"));
    client = JoyoiClient.builder(server.address()).token(TOKEN).build();
    client.actors().create("Upper", ActorLanguage.BASH, UPPER);
    client.stateMachines().create("ToUpper", MACHINE, null);
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
    service.close();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static InstanceRequest request(String input) {
    var blob = client.blobs().upload(BlobContent.of(utf8(input)));
    return new InstanceRequest("ToUpper", List.of(new BlobReference(blob.id(), "in.txt")));
  }

  private static Instance ended(UUID id) {
    var instance = client.instances().awaitEnd(id, PATIENCE);
    assertThat(instance.exception()).isNull();
    assertThat(instance.status()).isEqualTo(InstanceStatus.SUCCEEDED);
    return instance;
  }

  @Test
  void actors_allCalls() {
    var id = client.actors().create("Ephemeral", ActorLanguage.BASH, "true");
    client.actors().update("Ephemeral", "Renamed", null, "false");

    var actor = client.actors().find("Renamed").orElseThrow();
    assertThat(actor.id()).isEqualTo(id);
    assertThat(actor.body()).isEqualTo("false");
    assertThat(actor.language()).isEqualTo(ActorLanguage.BASH);
    assertThat(client.actors().list()).contains(actor);
    client.actors().delete("Renamed");
    assertThat(client.actors().find("Renamed")).isEmpty();
    var name = "编译 C++ (gcc)";
    client.actors().create(name, "#!/bin/bash\ntrue");
    assertThat(client.actors().find(name).orElseThrow().language()).isEqualTo(ActorLanguage.BASH);
    client.actors().delete(name);
    assertThatThrownBy(() -> client.actors().create("Upper", ActorLanguage.BASH, "true"))
        .isInstanceOfSatisfying(
            JoyoiClientException.class, e -> assertThat(e.status()).isEqualTo(409));
  }

  @Test
  void stateMachines_allCalls() {
    var tight = Limitation.builder().memory(64L << 20).build();
    client.stateMachines().create("Ephemeral", MACHINE, null);
    client.stateMachines().update("Ephemeral", "Renamed", null, tight);

    assertThat(client.stateMachines().find("Renamed").orElseThrow().limitation()).isEqualTo(tight);
    client
        .stateMachines()
        .changeLimits(
            "Renamed",
            LimitationChange.of(Limitation.builder().pidsLimit(9L).build()).without("memory"));
    assertThat(client.stateMachines().find("Renamed").orElseThrow().limitation())
        .isEqualTo(Limitation.builder().pidsLimit(9L).build());
    assertThat(client.stateMachines().list()).extracting(m -> m.name()).contains("ToUpper");
    client.stateMachines().delete("Renamed");
    assertThat(client.stateMachines().find("Renamed")).isEmpty();
  }

  @Test
  void stateMachine_thatDoesNotCompile_givesDiagnostics() {
    var failure =
        catchThrowableOfType(
            JoyoiClientException.class,
            () -> client.stateMachines().create("Broken", "class Broken { int x = ; }", null));

    assertThat(failure.status()).isEqualTo(400);
    assertThat(failure.diagnostics()).isNotEmpty();
    assertThat(failure.diagnostics().getFirst().line()).isEqualTo(1);
  }

  @Test
  void blobs_allCalls() throws IOException {
    var id = client.blobs().put(utf8("some text"), "a remark");
    assertThat(client.blobs().putCompressed(gzip("some text"), null, 5L)).isEqualTo(id);
    var uploaded = client.blobs().upload(BlobContent.of(utf8("some text")), "again", 9L);

    assertThat(uploaded.id()).isEqualTo(id);
    var blob = client.blobs().find(id).orElseThrow();
    assertThat(blob.body()).isEqualTo(utf8("some text"));
    assertThat(blob.remark()).isEqualTo("a remark");
    assertThat(blob.sha256()).isEqualTo(uploaded.sha256());
    assertThat(client.blobs().list()).extracting(info -> info.id()).contains(id);
    try (var part = client.blobs().open(id, 5, 6L)) {
      assertThat(part.readAllBytes()).isEqualTo(utf8("te"));
    }
    client.blobs().download(id, folder.resolve("blob"));
    assertThat(folder.resolve("blob")).hasContent("some text");
    client.blobs().delete(id);
    assertThat(client.blobs().find(id)).isEmpty();
  }

  private static byte[] gzip(String text) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(utf8(text));
    }
    return bytes.toByteArray();
  }

  @Test
  void blob_thatIsLarge_goesInAndOutAsAStream() throws IOException {
    long size = 200L << 20;
    var uploaded = client.blobs().upload(() -> new Pattern(size));

    assertThat(uploaded.size()).isEqualTo(size);
    try (var content = client.blobs().open(uploaded.id());
        var expected = new Pattern(size)) {
      assertThat(content.length()).isEqualTo(size);
      assertThat(content.sha256()).isEqualTo(uploaded.sha256());
      var got = new byte[1 << 16];
      for (int read = content.readNBytes(got, 0, got.length);
          read > 0;
          read = content.readNBytes(got, 0, got.length)) {
        assertThat(expected.readNBytes(read)).isEqualTo(Arrays.copyOf(got, read));
      }
    }
    client.blobs().delete(uploaded.id());
  }

  @Test
  void instances_allCalls() {
    var id = client.instances().create(request("abc"));
    var ended = ended(id);
    var output = ended.startedActors().getFirst().output("out.txt");
    assertThat(client.blobs().find(output.id()).orElseThrow().body()).isEqualTo(utf8("ABC"));

    client.instances().restart(id, "Upper", Map.of("Again", "yes"));
    var again = client.instances().awaitEndAsync(id, PATIENCE).join();
    assertThat(again.parameters()).containsEntry("Again", "yes");
    assertThat(again.status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(client.instances().find(id)).contains(again);
    assertThat(client.instances().list(InstanceFilter.ALL)).contains(again);
    var pages = new InstanceFilter("ToUpper", null, InstanceStatus.SUCCEEDED, null, null, null, 1);
    assertThat(client.instances().stream(pages)).contains(again);
    client.instances().delete(id);
    assertThat(client.instances().find(id)).isEmpty();
  }

  @Test
  void instance_createdTwiceUnderOneKey_isOne() {
    var request = request("once");
    var id = client.instances().create(request, "key-of-a-test");

    assertThat(client.instances().create(request, "key-of-a-test")).isEqualTo(id);
    assertThatThrownBy(() -> client.instances().create(request("other"), "key-of-a-test"))
        .isInstanceOfSatisfying(
            JoyoiClientException.class, e -> assertThat(e.status()).isEqualTo(409));
    ended(id);
  }

  @Test
  void events_ofAnInstance_tellItsLifeAndResume() {
    var id = client.instances().create(request("events"));
    var told = new ArrayList<InstanceEvent>();
    try (var events = client.instances().events(id)) {
      events.forEachRemaining(told::add);
    }

    assertThat(told)
        .extracting(InstanceEvent::type)
        .contains(InstanceEvent.STAGE, InstanceEvent.ACTOR_STARTED, InstanceEvent.ACTOR_ENDED)
        .endsWith(InstanceEvent.ENDED);
    assertThat(told).extracting(InstanceEvent::number).isSorted().doesNotHaveDuplicates();
    var rest = new ArrayList<InstanceEvent>();
    try (var events = client.instances().events(id, told.getFirst().number())) {
      events.forEachRemaining(rest::add);
    }
    assertThat(rest).isEqualTo(told.subList(1, told.size()));
  }

  @Test
  void nodes_allCalls() {
    var node = client.nodes().list().getFirst();
    client.nodes().cordon(node.name(), true);
    assertThat(client.nodes().list().getFirst().cordoned()).isTrue();
    client.nodes().cordon(node.name(), false);
    assertThat(client.nodes().list().getFirst().cordoned()).isFalse();
    assertThat(client.nodes().waitingTasks()).isNotNull();
    assertThat(client.nodes().timeoutErrors()).isNotNull();
  }

  @Test
  void status_allCalls() {
    // A node may need a moment to be seen; an instance that ends has needed one.
    ended(client.instances().create(request("ready")));

    assertThat(client.status().isLive()).isTrue();
    assertThat(client.status().isReady()).isTrue();
    assertThat(client.status().metrics()).contains("# TYPE");
  }

  @Test
  void openApi_isServed() {
    assertThat(client.status().openApi()).contains("\"openapi\"");
  }
}
