package com.joyoi.management.functional.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * What came back over a connection of its own.
 *
 * @param status 0 when the connection was closed without an answer
 */
record RawAnswer(int status, String head, String body) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Longer than the longest wait that a request can ask for. */
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  /** Throws when nothing comes for longer than any call may take. */
  static RawAnswer to(FuzzRequest request, int port) throws IOException {
    try (var socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      try {
        socket.getOutputStream().write(request.bytes());
        if (request.cut()) {
          socket.shutdownOutput();
        }
      } catch (IOException e) {
        // Refused before it was read to its end: the answer says why.
      }
      return of(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static RawAnswer of(String text) {
    int end = text.indexOf("\r\n\r\n");
    if (end < 0 || !text.startsWith("HTTP/1.1 ")) {
      return new RawAnswer(0, text, "");
    }
    return new RawAnswer(
        Integer.parseInt(text.substring(9, 12)), text.substring(0, end), text.substring(end + 4));
  }

  /** Whether it is an envelope of its status, or nothing that should be one. */
  boolean isWellFormed() {
    boolean json =
        head.toLowerCase(java.util.Locale.ROOT).contains("content-type: application/json");
    if (!json || head.contains("Transfer-Encoding") || body.isEmpty() || isDocument()) {
      return true;
    }
    try {
      JsonNode envelope = JSON.readTree(body);
      return envelope.path("code").asInt() == status && envelope.has("msg") && envelope.has("data");
    } catch (IOException e) {
      return false;
    }
  }

  private boolean isDocument() {
    return body.startsWith("{\"openapi\"");
  }
}
