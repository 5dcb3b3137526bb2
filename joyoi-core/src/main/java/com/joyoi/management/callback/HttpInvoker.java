package com.joyoi.management.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.joyoi.management.concurrent.Cancellation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Calls of state machines to the web service that submitted them. No redirect is followed and no
 * answer is read past its bound: the address comes from whoever submitted the instance.
 */
final class HttpInvoker implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

  /** A service that restarts is back within a few seconds: the pauses last six together. */
  private static final int MAX_ATTEMPTS = 3;

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);

  /** An answer of a callback is an acknowledgement; a larger one is not meant for us. */
  private static final int MAX_ANSWER_BYTES = 1 << 20;

  /** Methods that may be repeated when the answer was lost (RFC 9110, 9.2.2). */
  private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "PUT", "DELETE", "OPTIONS");

  private final ObjectMapper json = new ObjectMapper();
  private final Executor threads;
  private final HttpClient client;

  HttpInvoker(Executor threads) {
    this.threads = threads;
    client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT_TIMEOUT)
            .executor(threads)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /**
   * Blocks until the answer is there.
   *
   * @throws IllegalArgumentException when there is no usable host
   * @throws IllegalStateException when the answer is no 2xx, or none comes
   */
  String invoke(
      @Nullable String host,
      String method,
      String path,
      @Nullable Object body,
      Cancellation cancellation) {
    var request = request(host, method, path, body);
    for (int attempt = 1; ; attempt++) {
      var last = attempt == MAX_ATTEMPTS || !IDEMPOTENT.contains(method);
      try {
        pause(FIRST_PAUSE.multipliedBy(attempt - 1), cancellation);
        cancellation.throwIfCancelled();
        var response = client.send(request, BodyHandlers.ofInputStream());
        var text = text(response, cancellation);
        if (response.statusCode() / 100 == 2) {
          return text;
        }
        if (last || response.statusCode() / 100 != 5) {
          throw new IllegalStateException(
              method + " " + request.uri() + " answered " + response.statusCode());
        }
      } catch (IOException e) {
        if (last) {
          throw new IllegalStateException(
              method + " " + request.uri() + " failed: " + e.getMessage(), e);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(method + " " + request.uri() + " was interrupted", e);
      }
    }
  }

  private static void pause(Duration pause, Cancellation cancellation) throws InterruptedException {
    var cancelled = new CountDownLatch(1);
    try (var ignored = cancellation.onCancel(cancelled::countDown)) {
      var unused = cancelled.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private HttpRequest request(
      @Nullable String host, String method, String path, @Nullable Object body) {
    if (host == null || host.isBlank()) {
      throw new IllegalArgumentException(
          "parameter Host is missing; httpInvokeAsync needs the address of the service to call");
    }
    var base = host.endsWith("/") ? host.substring(0, host.length() - 1) : host;
    var uri = URI.create(base + (path.startsWith("/") ? path : "/" + path));
    if (!"http".equals(uri.getScheme()) && !"https".equals(uri.getScheme())) {
      throw new IllegalArgumentException(
          "parameter Host is '" + host + "'; it must begin with http:// or https://");
    }
    var builder = HttpRequest.newBuilder(uri).timeout(ANSWER_TIMEOUT);
    if (body == null) {
      return builder.method(method, BodyPublishers.noBody()).build();
    }
    try {
      return builder
          .header("Content-Type", "application/json")
          .method(method, BodyPublishers.ofString(json.writeValueAsString(body)))
          .build();
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the body can't be written as JSON: " + e.getMessage(), e);
    }
  }

  /** The client's own time-out ends with the head of an answer; a body may stop coming. */
  private String text(HttpResponse<InputStream> response, Cancellation cancellation)
      throws IOException, InterruptedException {
    // Closing it ends a read that waits.
    try (var content = response.body()) {
      var reading = CompletableFuture.supplyAsync(() -> read(content), threads);
      try (var ignored = cancellation.onCancel(() -> reading.cancel(true))) {
        return reading.get(ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (TimeoutException e) {
      throw new IOException(
          "the answer's body did not end within " + ANSWER_TIMEOUT.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw new IOException("the answer's body broke off: " + ErrorText.unwrap(e).getMessage(), e);
    }
  }

  private static String read(InputStream content) {
    try {
      var bytes = content.readNBytes(MAX_ANSWER_BYTES + 1);
      if (bytes.length > MAX_ANSWER_BYTES) {
        throw new IOException("the answer is longer than " + MAX_ANSWER_BYTES + " bytes");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
