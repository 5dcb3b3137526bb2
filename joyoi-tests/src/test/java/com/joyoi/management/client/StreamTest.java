package com.joyoi.management.client;

import static com.joyoi.management.client.ScriptedServer.bytes;
import static com.joyoi.management.client.ScriptedServer.cut;
import static com.joyoi.management.client.ScriptedServer.events;
import static com.joyoi.management.client.ScriptedServer.hangUp;
import static com.joyoi.management.client.ScriptedServer.refuse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blobs and events that break off. */
class StreamTest {
  private static final UUID ID = new UUID(1, 2);
  private static final Map<String, String> TAG = Map.of("ETag", "\"ab12\"");

  @TempDir private Path folder;
  private final ScriptedServer server = new ScriptedServer();
  private final JoyoiClient client = server.client().build();

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void download_thatBreaksOff_goesOnWhereItWas() throws IOException {
    server.then(
        cut(200, "hello", 11, TAG),
        hangUp(),
        hangUp(),
        hangUp(),
        hangUp(),
        hangUp(),
        cut(206, " wo", 6, TAG),
        bytes(206, utf8("rld"), TAG));

    try (var stream = client.blobs().open(ID)) {
      assertThat(stream.length()).isEqualTo(11);
      assertThat(stream.sha256()).isEqualTo("ab12");
      assertThat(new String(stream.readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo("hello world");
    }

    assertThat(server.seen().getFirst().header("Range")).isNull();
    assertThat(server.seen().getLast().header("Range")).isEqualTo("bytes=8-");
    assertThat(server.seen().getLast().header("If-Range")).isEqualTo("\"ab12\"");
  }

  @Test
  void download_ofOtherContentAfterABreak_fails() throws IOException {
    server.then(cut(200, "hello", 11, TAG), bytes(200, utf8("other"), Map.of("ETag", "\"cd\"")));

    try (var stream = client.blobs().open(ID)) {
      assertThatThrownBy(stream::readAllBytes)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("other content");
    }
  }

  @Test
  void upload_ofAFileThatCantBeRead_namesIt() throws IOException {
    var missing = folder.resolve("Main.cpp");

    assertThatThrownBy(() -> client.blobs().upload(BlobContent.of(missing)))
        .isInstanceOf(JoyoiClientException.class)
        .hasMessage(
            "PUT /api/v1/Blob/Raw was given up: the file "
                + missing
                + " can't be read: there is none of that name");
    assertThatThrownBy(() -> client.blobs().upload(BlobContent.of(folder)))
        .hasMessageContaining("the file " + folder + " can't be read: ")
        .hasMessageNotContaining("got no answer");
    assertThatThrownBy(
            () ->
                client
                    .blobs()
                    .upload(
                        () -> {
                          throw new IOException("broken");
                        }))
        .hasMessageEndingWith("the content can't be read: java.io.IOException: broken");
    assertThat(server.seen()).hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void download_ofAPart_keepsItsEnd() throws IOException {
    server.then(cut(206, "lo", 4, TAG), bytes(206, utf8(" w"), TAG));

    try (var stream = client.blobs().open(ID, 3, 6L)) {
      assertThat(stream.readAllBytes()).isEqualTo(utf8("lo w"));
    }

    assertThat(server.seen())
        .extracting(seen -> seen.header("Range"))
        .containsExactly("bytes=3-6", "bytes=5-6");
  }

  @Test
  void download_thatFails_leavesNoFile() {
    server.then(cut(200, "hello", 11, TAG), refuse(404, "blob not found"));

    assertThatThrownBy(() -> client.blobs().download(ID, folder.resolve("out")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("404");

    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void download_toAFile_replacesIt() throws IOException {
    var file = Files.writeString(folder.resolve("out"), "old");
    server.then(bytes(200, utf8("new"), TAG));

    client.blobs().download(ID, file);

    assertThat(file).hasContent("new");
    assertThat(folder.toFile().list()).containsExactly("out");
  }

  @Test
  void download_thatFallsSilent_goesOn() throws IOException {
    server.then(
        exchange -> {
          cut(200, "hel", 5, TAG).run(exchange);
          server.silence().run(exchange);
        },
        bytes(206, utf8("lo"), TAG));
    try (var hasty = server.client().timeout(Duration.ofMillis(300)).build();
        var stream = hasty.blobs().open(ID)) {
      assertThat(stream.readAllBytes()).isEqualTo(utf8("hello"));
    }
  }

  @Test
  void events_afterALostConnection_resumeAfterTheLast() {
    server.then(
        events(": hello\n\nid: 1\nevent: stage\ndata: {\"stage\":\"Run\"}\n\nid: 2\nevent: act"),
        hangUp(),
        hangUp(),
        hangUp(),
        hangUp(),
        hangUp(),
        events(
            "id: 1\nevent: stage\ndata: {}\n\nid: 2\r\nevent: actor-started\r\ndata: {}\r\n\r\n"
                + "id: 3\nevent: ended\ndata: {\"status\":\"Succeeded\"}\n\n"));

    var told = new ArrayList<InstanceEvent>();
    try (var events = client.instances().events(ID)) {
      events.forEachRemaining(told::add);
    }

    assertThat(told).extracting(InstanceEvent::number).containsExactly(1L, 2L, 3L);
    assertThat(told)
        .extracting(InstanceEvent::type)
        .containsExactly(InstanceEvent.STAGE, InstanceEvent.ACTOR_STARTED, InstanceEvent.ENDED);
    assertThat(told.getFirst().data().path("stage").asText()).isEqualTo("Run");
    assertThat(server.seen().getFirst().header("Last-Event-ID")).isNull();
    assertThat(server.seen().getLast().header("Last-Event-ID")).isEqualTo("1");
  }

  @Test
  void events_ofAnInstanceThatRanAgain_goOnAfterItsFirstEnd() {
    server.then(
        events("id: 4\nevent: ended\ndata: {}\n\nid: 5\nevent: stage\ndata: {}\n\n"),
        events("id: 6\nevent: ended\ndata: {}\n\n"));

    var numbers = new ArrayList<Long>();
    try (var events = client.instances().events(ID, 3)) {
      events.forEachRemaining(event -> numbers.add(event.number()));
    }

    assertThat(numbers).isEqualTo(List.of(4L, 5L, 6L));
    assertThat(server.seen())
        .extracting(seen -> seen.header("Last-Event-ID"))
        .containsExactly("3", "5");
  }

  @Test
  void events_afterTheLast_areNone() {
    server.then(bytes(204, new byte[0], Map.of()));

    try (var events = client.instances().events(ID, 9)) {
      assertThat(events.hasNext()).isFalse();
    }

    assertThat(server.seen()).hasSize(1);
  }

  @Test
  void events_ofAnInstanceThatIsGone_fail() {
    server.then(events("id: 1\nevent: stage\ndata: {}\n\n"), refuse(404, "not found"));

    try (var events = client.instances().events(ID)) {
      assertThat(events.next().number()).isEqualTo(1);
      assertThatThrownBy(events::hasNext)
          .isInstanceOfSatisfying(
              JoyoiClientException.class, e -> assertThat(e.status()).isEqualTo(404));
    }
  }

  @Test
  void events_closedByAnotherThread_end() {
    server.then(
        exchange -> {
          cut(200, "id: 1\nevent: stage\ndata: {}\n\n", 1000, Map.of()).run(exchange);
          server.silence().run(exchange);
        });
    var events = client.instances().events(ID);
    assertThat(events.next().number()).isEqualTo(1);
    var closer = Thread.ofVirtual().start(events::close);

    assertThatThrownBy(events::hasNext)
        .isInstanceOf(JoyoiClientException.class)
        .hasMessageContaining("closed");
    assertThat(closer).isNotNull();
  }
}
