package com.joyoi.management.functional.docker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Somebody who reaches a node's engine, and has no certificate that it trusts. */
final class Stranger extends X509ExtendedTrustManager {
  private static final int DEFAULT_PORT = 2376;
  private static final int TIMEOUT_MILLIS = 10_000;

  private @Nullable X509Certificate server;

  /**
   * What came of a call.
   *
   * @param certificate the engine's
   * @param answer its first line, null when the engine hung up
   */
  record Outcome(X509Certificate certificate, @Nullable String answer) {}

  private Stranger() {}

  static Outcome call(URI address) throws GeneralSecurityException, IOException {
    var stranger = new Stranger();
    var context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {stranger}, null);
    var port = address.getPort() == -1 ? DEFAULT_PORT : address.getPort();
    String answer = null;
    try (var plain = new Socket()) {
      plain.connect(new InetSocketAddress(address.getHost(), port), TIMEOUT_MILLIS);
      plain.setSoTimeout(TIMEOUT_MILLIS);
      try (var socket =
          context.getSocketFactory().createSocket(plain, address.getHost(), port, true)) {
        socket
            .getOutputStream()
            .write("GET /_ping HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        answer =
            new BufferedReader(
                    new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                .readLine();
      } catch (IOException e) {
        // Hung up on, in the handshake or after it.
        answer = null;
      }
    }
    return new Outcome(Objects.requireNonNull(stranger.server, "no certificate was sent"), answer);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) {
    server = chain[0];
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
    server = chain[0];
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
    server = chain[0];
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) {}

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
