package com.joyoi.management.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.node.NodeListener.NodeFailure;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WebhookNotifierTest {
  private static final NodeFailure FAILURE =
      new NodeFailure(
          "node-1",
          "https://n1:2376",
          "a \"quoted\" error",
          3,
          Instant.parse("2026-01-01T00:00:00Z"));

  private final BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
  private final BlockingQueue<Integer> answers = new LinkedBlockingQueue<>();
  private final HttpServer server;

  WebhookNotifierTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void startServer() {
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    var next = answers.poll();
    exchange.sendResponseHeaders(next == null ? 204 : next, -1);
    exchange.close();
  }

  private WebhookNotifier notifier() {
    return new WebhookNotifier("Default", url(), Duration.ofMillis(1));
  }

  private URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook");
  }

  @Test
  void nodeFailed_webhookAnswers_oneRequestWithAllFields() throws InterruptedException {
    try (var notifier = notifier()) {
      notifier.nodeFailed(FAILURE);

      assertThat(bodies.take())
          .isEqualTo(
              "{\"service\":\"Default\",\"node\":\"node-1\",\"address\":\"https://n1:2376\","
                  + "\"error\":\"a \\\"quoted\\\" error\",\"failures\":3,"
                  + "\"time\":\"2026-01-01T00:00:00Z\"}");
    }
  }

  @Test
  void nodeFailed_webhookFailsTwice_thirdRequestGetsThrough() throws InterruptedException {
    answers.add(500);
    answers.add(503);
    try (var notifier = notifier()) {
      notifier.nodeFailed(FAILURE);

      for (var i = 0; i < 3; i++) {
        assertThat(bodies.take()).contains("node-1");
      }
    }
    assertThat(answers).isEmpty();
  }

  @Test
  void post_webhookKeepsFailing_givenUpAfterTwoRetries() {
    for (var i = 0; i < 9; i++) {
      answers.add(500);
    }
    try (var notifier = notifier()) {
      notifier.post(url(), FAILURE);
    }

    assertThat(bodies).hasSize(3);
  }

  @Test
  void nodeFailed_noWebhook_onlyLogs() {
    try (var notifier = new WebhookNotifier("Default", null)) {
      notifier.nodeFailed(FAILURE);
    }

    assertThat(bodies).isEmpty();
  }
}
