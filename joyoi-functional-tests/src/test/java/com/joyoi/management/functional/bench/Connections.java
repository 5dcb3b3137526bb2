package com.joyoi.management.functional.bench;

import com.joyoi.management.functional.http.RawConnection;
import com.joyoi.management.functional.http.RawConnection.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Kept connections to one server: as little as a client can do, since it has the same processors as
 * what it measures. Thread-safe; no call waits for another.
 */
final class Connections implements AutoCloseable {
  /** For each answer, beyond the 60 s that a call asks the service to wait; then the row fails. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** The service closes one that has been silent for longer than 130 s. */
  private static final Duration FRESH = Duration.ofSeconds(60);

  private final URI server;
  private final @Nullable SSLContext tls;
  private final Deque<Kept> idle = new ConcurrentLinkedDeque<>();

  /**
   * @param tls null for plain HTTP
   */
  Connections(URI server, @Nullable SSLContext tls) {
    this.server = server;
    this.tls = tls;
  }

  private record Kept(RawConnection connection, long nanoTime) {
    boolean isFresh() {
      return System.nanoTime() - nanoTime < FRESH.toNanos();
    }
  }

  /**
   * Sends, and gives the whole answer.
   *
   * @param body null for none
   * @throws IllegalStateException for any status that is not 2xx
   */
  Answer call(String method, String target, String type, byte @Nullable [] body) {
    try {
      var connection = take();
      var answer =
          body == null
              ? connection.send(method, target)
              : connection.send(method, target, type, body);
      idle.push(new Kept(connection, System.nanoTime()));
      if (answer.status() / 100 != 2) {
        throw new IllegalStateException(
            method
                + " "
                + target
                + ": "
                + answer.status()
                + " "
                + new String(answer.body(), StandardCharsets.UTF_8));
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + server.resolve(target), e);
    }
  }

  private RawConnection take() throws IOException {
    for (var kept = idle.poll(); kept != null; kept = idle.poll()) {
      if (kept.isFresh()) {
        return kept.connection;
      }
      kept.connection.close();
    }
    return RawConnection.over(connect(), server);
  }

  private Socket connect() throws IOException {
    var plain = new Socket();
    plain.connect(
        new InetSocketAddress(server.getHost(), server.getPort()), (int) PATIENCE.toMillis());
    plain.setSoTimeout((int) PATIENCE.toMillis());
    plain.setTcpNoDelay(true);
    if (tls == null) {
      return plain;
    }
    var secured =
        (SSLSocket)
            tls.getSocketFactory().createSocket(plain, server.getHost(), server.getPort(), true);
    secured.startHandshake();
    return secured;
  }

  @Override
  public void close() throws IOException {
    for (var kept = idle.poll(); kept != null; kept = idle.poll()) {
      kept.connection.close();
    }
  }
}
