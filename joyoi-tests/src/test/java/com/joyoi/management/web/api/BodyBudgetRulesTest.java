package com.joyoi.management.web.api;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.web.config.TransferLimits;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bodies that are under way at once, against what they may take together. */
class BodyBudgetRulesTest extends HttpContract {
  private static final int AT_ONCE = 40_000;

  private final List<Socket> clients = new ArrayList<>();

  @BeforeEach
  void boundBodies() {
    server.close();
    server =
        WebServer.start(
            service,
            options(AT_ONCE, new TransferLimits(1 << 20, AT_ONCE, 1, 1000)),
            Access.onLoopback(TOKEN, "127.0.0.1"));
  }

  @AfterEach
  void leave() throws IOException {
    for (var client : clients) {
      client.close();
    }
  }

  /** Announces a body as large as may be, and sends a part of it. */
  private Socket begin(String path, String part) throws IOException {
    var client = new Socket("127.0.0.1", server.port());
    clients.add(client);
    var head =
        "PUT "
            + path
            + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAuthorization:"
            + " Bearer "
            + TOKEN
            + "\r\nContent-Length: "
            + AT_ONCE
            + "\r\n\r\n";
    client.getOutputStream().write((head + part).getBytes(US_ASCII));
    return client;
  }

  private static String actor(String name) {
    return "{\"name\":\"" + name + "\",\"body\":\"" + "x".repeat(30_000) + "\"}";
  }

  @Test
  void bodies_announcedAndNotSent_leaveRoomForOthers() throws IOException {
    for (int i = 0; i < 300; i++) {
      begin("/api/v1/Actor", "{");
    }

    assertThat(put("/api/v1/Actor", actor("A")).status()).isEqualTo(200);
  }

  @Test
  void bodies_thatTakeAll_letOthersWaitAndGetRefused() throws IOException {
    var part = actor("B").substring(0, 30_000);
    begin("/api/v1/Actor", part);
    begin("/api/v1/Actor", part);

    // The parts have arrived some time; then the one of them is counted, the other the favourite.
    Answer answer;
    int number = 0;
    do {
      answer = put("/api/v1/Actor", actor("A" + number++));
    } while (answer.status() == 200);

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).isEqualTo("5");
    assertThat(answer.message()).contains("too many bodies");
    // What needs little room, or none, goes on: blobs are not held in memory.
    assertThat(put("/api/v1/Blob", "{\"body\":\"" + "A".repeat(800_000) + "\"}").status())
        .isEqualTo(200);
    assertThat(put("/api/v1/Actor", "{\"name\":\"Small\",\"body\":\"x\"}").status()).isEqualTo(200);
    assertThat(get("/api/v1/Actor/All").status()).isEqualTo(200);

    leave();
    do {
      answer = put("/api/v1/Actor", actor("B" + number++));
    } while (answer.status() == 503);
    assertThat(answer.status()).isEqualTo(200);
  }
}
