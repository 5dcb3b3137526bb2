package com.joyoi.management.web.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.joyoi.management.web.config.ClientLimits;
import com.joyoi.management.web.config.HttpOptions;
import com.joyoi.management.web.config.TransferLimits;
import com.joyoi.management.web.fake.FakeService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What tests of the contract share: a server over a service in memory, and a client. */
abstract class HttpContract {
  static final String TOKEN = "test-token-test-token-test-token-test-token";
  static final int MAX_JSON_BYTES = 4096;
  static final long MAX_RAW_BYTES = 10_000;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  FakeService service;
  WebServer server;

  @BeforeEach
  void startServer() {
    service = new FakeService();
    server = WebServer.start(service, options(), Access.onLoopback(TOKEN, "127.0.0.1"));
  }

  HttpOptions options() {
    return options(new TransferLimits(MAX_JSON_BYTES, 1 << 20, 1, 100_000));
  }

  static HttpOptions options(TransferLimits transfers) {
    return options(MAX_JSON_BYTES, transfers);
  }

  static HttpOptions options(int maxJsonBytes, TransferLimits transfers) {
    return new HttpOptions(
        "127.0.0.1", 0, maxJsonBytes, MAX_RAW_BYTES, 8192, 90, ClientLimits.DEFAULTS, transfers);
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  /** A request of an administrator. */
  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + TOKEN);
  }

  Answer send(HttpRequest request) {
    try {
      return new Answer(CLIENT.send(request, BodyHandlers.ofByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  Answer get(String path) {
    return send(request(path).GET().build());
  }

  Answer put(String path, String json) {
    return sendJson("PUT", path, json);
  }

  Answer patch(String path, String json) {
    return sendJson("PATCH", path, json);
  }

  Answer delete(String path) {
    return send(request(path).DELETE().build());
  }

  private Answer sendJson(String method, String path, String json) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(json))
            .build());
  }

  /** An answer with its envelope. */
  record Answer(HttpResponse<byte[]> response) {
    int status() {
      return response.statusCode();
    }

    byte[] bytes() {
      return response.body();
    }

    @Nullable String header(String name) {
      return response.headers().firstValue(name).orElse(null);
    }

    JsonNode envelope() {
      try {
        return JSON.readTree(response.body());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    JsonNode data() {
      return envelope().get("data");
    }

    String message() {
      return envelope().get("msg").textValue();
    }
  }
}
