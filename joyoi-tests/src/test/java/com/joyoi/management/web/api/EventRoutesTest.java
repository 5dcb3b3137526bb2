package com.joyoi.management.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.web.config.HttpOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventRoutesTest extends HttpContract {
  /** The first instance that the service in memory makes. */
  private static final UUID ID = new UUID(3, 1);

  private static final String PATH = "/api/v1/StateMachineInstance/" + ID + "/Events";

  /** Far below a thread each for a thousand clients, far above what a web server has anyhow. */
  private static final int FEW_THREADS = 100;

  @BeforeEach
  void startInstance() {
    put("/api/v1/StateMachineInstance", "{\"name\":\"S\"}");
    service.instances().events().add(ID, "stage", "{\"stage\":\"Start\"}");
    service
        .instances()
        .events()
        .add(ID, "actor-started", "{\"run\":\"r\",\"name\":\"A\",\"stage\":\"Start\"}");
  }

  private String events(String path) {
    return new String(get(path).bytes(), StandardCharsets.UTF_8);
  }

  @Test
  void events_ofAnEndedInstance_areToldInOrderAndEnd() {
    service.instances().end(ID);

    var answer = get(PATH.toLowerCase(java.util.Locale.ROOT));

    assertThat(answer.header("Content-Type")).isEqualTo("text/event-stream; charset=utf-8");
    assertThat(new String(answer.bytes(), StandardCharsets.UTF_8))
        .isEqualTo(
            "retry: 2000\n\n"
                + "id: 1\nevent: stage\ndata: {\"instanceId\":\""
                + ID
                + "\",\"sequence\":1,\"time\":\"2024-05-06T07:08:09.123456Z\",\"stage\":\"Start\"}\n"
                + "\nid: 2\nevent: actor-started\ndata: {\"instanceId\":\""
                + ID
                + "\",\"sequence\":2,\"time\":\"2024-05-06T07:08:09.123456Z\",\"run\":\"r\","
                + "\"name\":\"A\",\"stage\":\"Start\"}\n"
                + "\nid: 3\nevent: ended\ndata: {\"instanceId\":\""
                + ID
                + "\",\"sequence\":3,\"time\":\"2024-05-06T07:08:09.123456Z\","
                + "\"status\":\"Succeeded\"}\n\n");
  }

  @Test
  void events_resumed_beginAfterTheLastOne() {
    service.instances().end(ID);

    var byHeader = send(request(PATH).header("Last-Event-ID", "2").build());

    assertThat(new String(byHeader.bytes(), StandardCharsets.UTF_8))
        .contains("id: 3")
        .doesNotContain("id: 2");
    assertThat(events(PATH + "?LASTEVENTID=2")).contains("id: 3").doesNotContain("id: 2");
  }

  @Test
  void events_allKnown_answerNoContent() {
    service.instances().end(ID);

    assertThat(send(request(PATH).header("Last-Event-ID", "3").build()).status()).isEqualTo(204);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "x", "1.5", "9223372036854775808"})
  void lastEventId_wrong_isRefused(String number) {
    assertThat(send(request(PATH).header("Last-Event-ID", number).build()).status()).isEqualTo(400);
    assertThat(get(PATH + "?lastEventId=" + number).message()).contains("lastEventId");
  }

  @Test
  void events_ofAnUnknownInstance_areNotFound() {
    var answer = get("/api/v1/StateMachineInstance/" + new UUID(9, 9) + "/Events");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.message()).startsWith("state machine instance not found: ");
  }

  @Test
  void events_asTheyHappen_areTold() throws Exception {
    try (var client = follow(ID)) {
      assertThat(client.next()).isEqualTo("id: 1");
      assertThat(client.next()).isEqualTo("id: 2");
      service.instances().events().add(ID, "actor-ended", "{\"run\":\"r\"}");
      assertThat(client.next()).isEqualTo("id: 3");
      service.instances().end(ID);
      assertThat(client.next()).isEqualTo("id: 4");
      assertThat(client.next()).isNull();
    }
  }

  @Test
  void events_ofADeletedInstance_end() throws Exception {
    try (var client = follow(ID)) {
      assertThat(client.next()).isEqualTo("id: 1");
      delete("/api/v1/StateMachineInstance/" + ID);
      assertThat(client.next()).isEqualTo("id: 2");
      assertThat(client.next()).isNull();
    }
  }

  @Test
  void events_silent_sendHeartbeats() throws Exception {
    restart(new HttpOptions("127.0.0.1", 0, MAX_JSON_BYTES, MAX_RAW_BYTES, 8192, 3));

    try (var client = follow(ID)) {
      // Three of them take longer than the idle time-out.
      for (int beats = 0; beats < 4; ) {
        var line = client.reader.readLine();
        assertThat(line).isNotNull();
        beats += line.equals(":") ? 1 : 0;
      }
    }
    service.instances().events().awaitFollowers(0);
  }

  @Test
  void client_thatReadsNothing_isDropped() throws Exception {
    restart(new HttpOptions("127.0.0.1", 0, MAX_JSON_BYTES, MAX_RAW_BYTES, 8192, 1));
    var padding = "x".repeat(100_000);
    for (int i = 0; i < 200; i++) {
      service.instances().events().add(ID, "stage", "{\"stage\":\"" + padding + "\"}");
    }

    try (var client = follow(ID)) {
      service.instances().events().awaitFollowers(1);
      service.instances().events().awaitFollowers(0);
      assertThat(client.socket.isConnected()).isTrue();
    }
  }

  @Test
  void clients_thousand_costNoThreadEach() throws Exception {
    var threads = ManagementFactory.getThreadMXBean();
    int before = threads.getThreadCount();
    var clients = new ArrayList<Client>();
    try {
      for (int i = 0; i < 1000; i++) {
        clients.add(follow(ID));
      }
      service.instances().events().awaitFollowers(1000);

      assertThat(threads.getThreadCount() - before).isLessThan(FEW_THREADS);

      service.instances().end(ID);
      for (var client : clients) {
        assertThat(client.next()).isEqualTo("id: 1");
        assertThat(client.next()).isEqualTo("id: 2");
        assertThat(client.next()).isEqualTo("id: 3");
      }
    } finally {
      for (var client : clients) {
        client.close();
      }
    }
  }

  private void restart(HttpOptions options) {
    server.close();
    server = WebServer.start(service, options, Access.onLoopback(TOKEN, "127.0.0.1"));
  }

  private Client follow(UUID id) throws IOException {
    return new Client(server.port(), id);
  }

  /** A connection that follows an instance, and reads when it is told to. */
  private static final class Client implements AutoCloseable {
    final Socket socket = new Socket();
    final BufferedReader reader;

    Client(int port, UUID id) throws IOException {
      // A small window fills soon.
      socket.setReceiveBufferSize(4096);
      socket.connect(new InetSocketAddress("127.0.0.1", port));
      var head =
          "GET /api/v1/StateMachineInstance/" + id + "/Events HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8), 512);
    }

    /** The next line with an event's number, null at the end. */
    String next() throws IOException {
      var line = reader.readLine();
      while (line != null && !line.startsWith("id: ")) {
        line = reader.readLine();
      }
      return line;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
