package com.joyoi.management.web.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.web.config.AccessOptions.Grant;
import com.joyoi.management.web.config.ClientLimits;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Requests that a server which stops has not answered yet. */
class StoppingTest {
  private static final String BODY = "{\"body\":\"AAAA\"}";

  private static String head(int length) {
    return "PUT /api/v1/Blob HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        + ("Authorization: Bearer " + SecuredServer.tokenOf(Grant.SUBMIT) + "\r\n")
        + ("Content-Length: " + length + "\r\nConnection: close\r\n\r\n");
  }

  @Test
  void change_whoseBodyComesWhileTheServerStops_isDone() throws Exception {
    var server = new SecuredServer(ClientLimits.DEFAULTS);
    try (var socket = new Socket("127.0.0.1", server.server.port());
        var next = new Socket("127.0.0.1", server.server.port())) {
      socket.getOutputStream().write(head(BODY.length()).getBytes(UTF_8));
      // Answered, so the one before has begun.
      assertThat(server.send("GET", server.request("/api/v1/Blob/All", Grant.READ)).statusCode())
          .isEqualTo(200);

      var stopped = CompletableFuture.runAsync(server::close);
      var answer = "";
      while (!answer.startsWith("HTTP/1.1 503")) {
        answer = server.raw(head(0));
      }
      assertThat(stopped).isNotDone();
      socket.getOutputStream().write(BODY.getBytes(UTF_8));

      assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
          .startsWith("HTTP/1.1 200");
      stopped.join();
      assertThat(next.getInputStream().readAllBytes()).isEmpty();
    }
  }
}
