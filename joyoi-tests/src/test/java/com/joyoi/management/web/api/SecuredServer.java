package com.joyoi.management.web.api;

import com.joyoi.management.web.config.AccessOptions;
import com.joyoi.management.web.config.AccessOptions.Grant;
import com.joyoi.management.web.config.AccessOptions.Token;
import com.joyoi.management.web.config.ClientLimits;
import com.joyoi.management.web.config.HttpOptions;
import com.joyoi.management.web.config.TransferLimits;
import com.joyoi.management.web.fake.FakeService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** A server whose callers need a token: each role's is its name in a row, {@code read-read-…}. */
final class SecuredServer implements AutoCloseable {
  static final AccessOptions TOKENS =
      new AccessOptions(
          Arrays.stream(Grant.values())
              .map(grant -> new Token(grant.name(), sha256(tokenOf(grant)), grant))
              .toList(),
          List.of());

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  final FakeService service = new FakeService();
  final WebServer server;

  SecuredServer(ClientLimits clients) {
    server =
        WebServer.start(
            service,
            new HttpOptions(
                "127.0.0.1", 0, 4096, 10_000, 8192, 90, clients, TransferLimits.DEFAULTS),
            Access.configured(TOKENS));
  }

  static String tokenOf(Grant grant) {
    return String.join(
        "-", java.util.Collections.nCopies(8, grant.name().toLowerCase(Locale.ROOT)));
  }

  static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
  }

  HttpRequest.Builder request(String path, Grant grant) {
    return request(path).header("Authorization", "Bearer " + tokenOf(grant));
  }

  HttpResponse<String> send(HttpRequest request) {
    try {
      return CLIENT.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  HttpResponse<String> send(String method, HttpRequest.Builder request) {
    return send(request.method(method, BodyPublishers.noBody()).build());
  }

  /** The answer to bytes that need not be a request. */
  String raw(String bytes) throws IOException {
    try (var socket = new Socket("127.0.0.1", server.port())) {
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
