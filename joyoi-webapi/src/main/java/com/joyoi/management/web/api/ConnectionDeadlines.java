package com.joyoi.management.web.api;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes connections that have no request of a known caller under way for too long. An idle
 * time-out does not do that: each byte of a header that trickles in starts it anew. So a stranger
 * holds a connection no longer than the first deadline, whatever is sent. Thread-safe.
 */
final class ConnectionDeadlines implements Connection.Listener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionDeadlines.class);
  private static final long SWEEP_MILLIS = 500;
  private static final long NEVER = Long.MAX_VALUE;

  private final long firstNanos;
  private final long nextNanos;
  private final ConcurrentMap<Connection, Expiry> expiries = new ConcurrentHashMap<>();
  private final ScheduledThreadPoolExecutor sweeper;

  /**
   * @param first from the start of a connection to a request of a known caller
   * @param next from the end of such a request to the next
   */
  ConnectionDeadlines(Duration first, Duration next) {
    this.firstNanos = first.toNanos();
    this.nextNanos = next.toNanos();
    sweeper =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("connection-deadlines").factory());
    var unused =
        sweeper.scheduleWithFixedDelay(
            this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void onOpened(Connection connection) {
    // Of the two layers of a TLS connection the inner one counts, which requests name.
    if (!(connection instanceof SslConnection)) {
      expiries.put(connection, Expiry.in(firstNanos));
    }
  }

  @Override
  public void onClosed(Connection connection) {
    expiries.remove(connection);
  }

  void begin(Connection connection) {
    expiries.replace(connection, new Expiry(NEVER));
  }

  void end(Connection connection) {
    expiries.replace(connection, Expiry.in(nextNanos));
  }

  private void sweep() {
    try {
      long now = System.nanoTime();
      expiries.forEach(
          (connection, expiry) -> {
            if (expiry.isBefore(now) && expiries.remove(connection, expiry)) {
              close(connection);
            }
          });
    } catch (RuntimeException e) {
      LOG.warn("A slow connection could not be closed", e);
    }
  }

  private static void close(Connection connection) {
    var endPoint = connection.getEndPoint();
    LOG.debug("{} sent no complete request in time; it is closed", endPoint);
    if (endPoint instanceof SslConnection.SslEndPoint tls) {
      // Not the TLS layer: it would wait for the peer to say goodbye.
      endPoint = tls.getSslConnection().getEndPoint();
    }
    endPoint.close(new TimeoutException("no complete request in time"));
  }

  @Override
  public void close() {
    sweeper.shutdownNow();
    expiries.clear();
  }

  /** A moment of {@link System#nanoTime()}, compared by identity so that a newer one survives. */
  private static final class Expiry {
    private final long nanos;

    Expiry(long nanos) {
      this.nanos = nanos;
    }

    static Expiry in(long nanos) {
      return new Expiry(System.nanoTime() + nanos);
    }

    boolean isBefore(long now) {
      return nanos != NEVER && nanos - now < 0;
    }
  }
}
