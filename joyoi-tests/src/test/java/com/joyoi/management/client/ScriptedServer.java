package com.joyoi.management.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Answers as a test says, in that order, and remembers what it was asked. */
final class ScriptedServer implements AutoCloseable {
  private final Queue<Script> scripts = new ConcurrentLinkedQueue<>();
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final List<Duration> pauses = new CopyOnWriteArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  ScriptedServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    // The body is read by the scripts that want it: an answer may come before its end.
    var script = scripts.poll();
    var headers = exchange.getRequestHeaders();
    var request =
        new Seen(
            exchange.getRequestMethod() + " " + exchange.getRequestURI(),
            Map.copyOf(headers),
            exchange.getRequestBody().readAllBytes());
    seen.add(request);
    try (exchange) {
      if (script == null) {
        json(418, "{\"code\":418,\"msg\":\"the script is at its end\"}").run(exchange);
      } else {
        script.run(exchange);
      }
    }
  }

  ScriptedServer then(Script... next) {
    scripts.addAll(List.of(next));
    return this;
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** A client that notes its pauses instead of making them. */
  JoyoiClientBuilder client() {
    return JoyoiClient.builder(uri()).retryFor(Duration.ofMinutes(10)).pauser(pauses::add);
  }

  List<Seen> seen() {
    return seen;
  }

  List<String> lines() {
    return seen.stream().map(Seen::line).toList();
  }

  List<Duration> pauses() {
    return pauses;
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  /** One answer. */
  interface Script {
    void run(HttpExchange exchange) throws IOException;
  }

  /** One request. */
  record Seen(String line, Map<String, List<String>> headers, byte[] body) {
    @Nullable String header(String name) {
      return headers.entrySet().stream()
          .filter(entry -> entry.getKey().equalsIgnoreCase(name))
          .map(entry -> entry.getValue().getFirst())
          .findFirst()
          .orElse(null);
    }

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  static Script ok(String data) {
    return json(200, "{\"code\":200,\"msg\":null,\"data\":" + data + "}");
  }

  static Script refuse(int status, String msg) {
    return json(status, "{\"code\":" + status + ",\"msg\":\"" + msg + "\",\"data\":null}");
  }

  static Script json(int status, String body) {
    return bytes(status, body.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  static Script bytes(int status, byte[] body, Map<String, String> headers) {
    return exchange -> {
      headers.forEach(exchange.getResponseHeaders()::set);
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    };
  }

  /** Announces more than it sends. */
  static Script cut(int status, String sent, int announced, Map<String, String> headers) {
    return exchange -> {
      headers.forEach(exchange.getResponseHeaders()::set);
      exchange.sendResponseHeaders(status, announced);
      exchange.getResponseBody().write(sent.getBytes(StandardCharsets.UTF_8));
      exchange.getResponseBody().flush();
    };
  }

  /** Closes the connection without an answer. */
  static Script hangUp() {
    return HttpExchange::close;
  }

  /** Says nothing until the server is closed. */
  Script silence() {
    return exchange -> {
      try {
        closing.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    };
  }

  /** Server-sent events; the connection then ends. */
  static Script events(String text) {
    return bytes(
        200, text.getBytes(StandardCharsets.UTF_8), Map.of("Content-Type", "text/event-stream"));
  }
}
