package com.joyoi.management.functional;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What goes in and out is larger than the service's heap. Needs no Docker. */
@LeftOut("it needs no node")
class SmallHeapTest {
  /** Longer than what a compressor remembers, so that repeating it makes nothing smaller. */
  private static final int BLOCK_BYTES = 48 * 1024;

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  @RegisterExtension final ServiceProcesses processes = new ServiceProcesses();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private ServiceProcess start(int heapMegabytes) throws InterruptedException {
    var none = "unix://" + folder.resolve("none.sock");
    var setup =
        ServiceSetup.of(
            folder,
            Map.of(
                "JoyOIManagement",
                Map.of("DataDir", "data", "Nodes", Map.of("none", Map.of("Address", none)))));
    var options = List.of("-Xmx" + heapMegabytes + "m", "-XX:+ExitOnOutOfMemoryError");
    return processes.start(
        new ServiceSetup(
            setup.config(), setup.adminToken(), options, setup.environment(), setup.arguments()));
  }

  private HttpRequest.Builder request(ServiceProcess service, String path) {
    return HttpRequest.newBuilder(service.url().resolve(path))
        .header("Content-Type", "application/json");
  }

  /** A blob that is made as it is sent: the same block again and again. */
  private record Content(byte[] block, int blocks) {
    static Content of(int seed, int megabytes) {
      var block = new byte[BLOCK_BYTES];
      new Random(seed).nextBytes(block);
      return new Content(block, (int) ((long) megabytes * (1 << 20) / BLOCK_BYTES));
    }

    HttpRequest.BodyPublisher json() {
      var head = "{\"timeStamp\":1,\"body\":\"".getBytes(US_ASCII);
      var base64 = Base64.getEncoder().encode(block);
      var tail = "\",\"remark\":\"large\",\"isCompressed\":false}".getBytes(US_ASCII);
      return BodyPublishers.fromPublisher(
          BodyPublishers.ofInputStream(
              () -> {
                var parts = new ArrayList<InputStream>();
                parts.add(new ByteArrayInputStream(head));
                for (int i = 0; i < blocks; i++) {
                  parts.add(new ByteArrayInputStream(base64));
                }
                parts.add(new ByteArrayInputStream(tail));
                return new SequenceInputStream(Collections.enumeration(parts));
              }),
          head.length + (long) blocks * base64.length + tail.length);
    }

    String sha256() throws Exception {
      var digest = MessageDigest.getInstance("SHA-256");
      for (int i = 0; i < blocks; i++) {
        digest.update(block);
      }
      return HexFormat.of().formatHex(digest.digest());
    }
  }

  private void uploadAtOnce(ServiceProcess service, int count, int megabytes) throws Exception {
    var contents = new ArrayList<Content>();
    var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    for (int i = 0; i < count; i++) {
      contents.add(Content.of(i, megabytes));
      answers.add(
          http.sendAsync(
              request(service, "/api/v1/Blob").PUT(contents.get(i).json()).build(),
              BodyHandlers.ofString()));
    }
    for (int i = 0; i < count; i++) {
      var answer = answers.get(i).join();
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      var id = JSON.readTree(answer.body()).at("/data/id").textValue();
      assertThat(sha256Of(service, id)).isEqualTo(contents.get(i).sha256());
    }
    assertThat(service.isAlive()).isTrue();
  }

  /** Of the content within the JSON. */
  private String sha256Of(ServiceProcess service, String id) throws Exception {
    var digest = MessageDigest.getInstance("SHA-256");
    var answer =
        http.send(request(service, "/api/v1/Blob/" + id).build(), BodyHandlers.ofInputStream());
    try (var body = answer.body();
        var json = new JsonFactory().createParser(body)) {
      while (json.nextToken() != null) {
        if (json.currentToken() == JsonToken.VALUE_STRING && json.currentName().equals("body")) {
          json.readBinaryValue(
              new java.io.OutputStream() {
                @Override
                public void write(int value) {
                  digest.update((byte) value);
                }

                @Override
                public void write(byte[] bytes, int offset, int length) {
                  digest.update(bytes, offset, length);
                }
              });
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  @Test
  void blobs_largerThanTheHeap_goInAndOutAtOnce() throws Exception {
    uploadAtOnce(start(96), 8, 24);
  }

  @Test
  @Tag("long")
  void blobs_of200MegabytesFrom32Clients_goInAndOutAtOnce() throws Exception {
    uploadAtOnce(start(256), 32, 200);
  }

  @Test
  void bodies_announcedAndNotSent_reserveNothing() throws Exception {
    var service = start(96);
    var url = service.url();
    var clients = new ArrayList<Socket>();
    try {
      for (int i = 0; i < 300; i++) {
        clients.add(announce(url, "/api/v1/StateMachineInstance"));
      }

      assertThat(service.get("/api/v1/Blob/All")).isEmpty();
      service.put("/api/v1/Actor", Map.of("name", "A", "language", "bash", "body", "true"));
      assertThat(service.isAlive()).isTrue();
    } finally {
      for (var client : clients) {
        client.close();
      }
    }
  }

  private static Socket announce(URI url, String path) throws IOException {
    var client = new Socket(url.getHost(), url.getPort());
    var head =
        "PUT "
            + path
            + " HTTP/1.1\r\nHost: "
            + url.getAuthority()
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + (4 << 20)
            + "\r\n\r\n{";
    client.getOutputStream().write(head.getBytes(US_ASCII));
    return client;
  }

  private static void putActor(ServiceProcess service, String name, int length) throws Exception {
    var body = "#" + name + " ".repeat(length);
    service.put("/api/v1/Actor", Map.of("name", name, "language", "bash", "body", body));
  }

  @Test
  void lists_largerThanTheHeap_areAnswered() throws Exception {
    var service = start(96);
    // The embedded database takes the size of the first ones for that of all.
    for (int i = 0; i < 120; i++) {
      putActor(service, "S" + i, 200);
    }
    for (int i = 0; i < 150; i++) {
      putActor(service, "A" + i, 1_000_000);
    }
    var answers = new ArrayList<CompletableFuture<HttpResponse<InputStream>>>();
    for (int i = 0; i < 4; i++) {
      answers.add(
          http.sendAsync(
              request(service, "/api/v1/Actor/All").build(), BodyHandlers.ofInputStream()));
    }

    for (var answer : answers) {
      int names = 0;
      try (var body = answer.join().body();
          var json = new JsonFactory().createParser(body)) {
        while (json.nextToken() != null) {
          names +=
              json.currentToken() == JsonToken.FIELD_NAME && json.currentName().equals("name")
                  ? 1
                  : 0;
        }
      }
      assertThat(names).isEqualTo(270);
    }
    assertThat(service.isAlive()).isTrue();
  }
}
