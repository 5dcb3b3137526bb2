package com.joyoi.management.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.web.config.AccessOptions.Grant;
import com.joyoi.management.web.config.ClientLimits;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientLimitsTest {
  private static final String INSTANCES = "/api/v1/StateMachineInstance";

  @ParameterizedTest
  @ValueSource(strings = {"", "GET / HTTP/1.1\r\nX: ", "\r\n"})
  void header_thatTricklesIn_isCutOff(String start) throws IOException {
    try (var secured = new SecuredServer(new ClientLimits(10, 1, 10));
        var socket = new Socket("127.0.0.1", secured.server.port())) {
      socket.getOutputStream().write(start.getBytes(StandardCharsets.US_ASCII));

      // Each byte would start an idle time-out anew; the deadline is the header's as a whole.
      assertThat(trickleUntilClosed(socket)).isLessThanOrEqualTo(0);
    }
  }

  @Test
  void stranger_thatWasRefused_doesNotKeepTheConnection() throws IOException {
    try (var secured = new SecuredServer(new ClientLimits(10, 1, 10));
        var socket = new Socket("127.0.0.1", secured.server.port())) {
      socket
          .getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 401");
    }
  }

  /** What the server's end says: -1 for closed, -2 for cut. */
  private static int trickleUntilClosed(Socket socket) throws IOException {
    // The wait for an answer that does not come is the pause between two bytes.
    socket.setSoTimeout(100);
    while (true) {
      try {
        return socket.getInputStream().read();
      } catch (SocketTimeoutException e) {
        try {
          socket.getOutputStream().write('x');
        } catch (SocketException cut) {
          return -2;
        }
      } catch (SocketException cut) {
        return -2;
      }
    }
  }

  @Test
  void requests_overTheLimit_areRefusedForNow() throws Exception {
    try (var client = HttpClient.newHttpClient();
        var secured = new SecuredServer(new ClientLimits(1, 60, 10))) {
      var created =
          secured.send(
              secured
                  .request(INSTANCES, Grant.SUBMIT)
                  .header("Content-Type", "application/json")
                  .PUT(BodyPublishers.ofString("{\"name\":\"A\"}"))
                  .build());
      assertThat(created.statusCode()).isEqualTo(200);
      var id = new UUID(3, 1);
      var waiting =
          client.sendAsync(
              secured.request(INSTANCES + "/" + id + "?wait=60", Grant.READ).build(),
              BodyHandlers.ofString());
      secured.service.instances().waited().await();

      var refused = secured.send("GET", secured.request("/metrics", Grant.READ));
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).hasValue("5");
      assertThat(secured.send("GET", secured.request("/metrics")).statusCode()).isEqualTo(401);
      assertThat(secured.send("GET", secured.request("/health/live")).statusCode()).isEqualTo(200);

      secured.service.instances().end(id);
      assertThat(waiting.get().statusCode()).isEqualTo(200);
      // The slot is given back behind the answer's last byte.
      HttpResponse<String> next;
      do {
        next = secured.send("GET", secured.request("/metrics", Grant.READ));
      } while (next.statusCode() == 503);
      assertThat(next.body()).containsPattern("joyoi_http_refused_total\\{status=\"503\"} [1-9]");
    }
  }

  @Test
  void blobs_ofOneInstance_areLimited() {
    try (var secured = new SecuredServer(new ClientLimits(10, 60, 2))) {
      var blob = "{\"id\":\"00000000-0000-0000-0000-000000000001\",\"name\":\"f\"}";
      var answer =
          secured.send(
              secured
                  .request(INSTANCES, Grant.SUBMIT)
                  .header("Content-Type", "application/json")
                  .PUT(
                      BodyPublishers.ofString(
                          "{\"name\":\"A\",\"initialBlobs\":["
                              + String.join(",", Collections.nCopies(3, blob))
                              + "]}"))
                  .build());

      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains("initialBlobs is '3 blobs'", "at most 2");
    }
  }
}
