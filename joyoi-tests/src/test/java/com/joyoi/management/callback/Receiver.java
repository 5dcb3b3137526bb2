package com.joyoi.management.callback;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A web service on this machine that notes what comes, and answers what it was told to: 200 when
 * nothing is left of that. Thread-safe.
 */
public final class Receiver implements AutoCloseable {
  /** Stands for no answer at all. */
  public static final int SILENCE = 0;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final HttpServer server;

  // Guarded by this.
  private final List<Seen> seen = new ArrayList<>();

  private record Answer(int status, String retryAfter, int bytes) {}

  /** A request as it came. */
  public record Seen(String method, String path, Headers headers, String body) {
    public String header(String name) {
      return String.valueOf(headers.getFirst(name));
    }
  }

  public Receiver() {
    this(0);
  }

  /**
   * @param port where one that is closed was, so that it is there again
   */
  public Receiver(int port) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  /** Behind what it was told before. */
  public Receiver answer(int... statuses) {
    for (int status : statuses) {
      answers.add(new Answer(status, "", 0));
    }
    return this;
  }

  /** What it was told to answer. */
  public Receiver forget() {
    answers.clear();
    return this;
  }

  public Receiver answerWithRetryAfter(int status, String retryAfter) {
    answers.add(new Answer(status, retryAfter, 0));
    return this;
  }

  public Receiver answerWithBytes(int status, int bytes) {
    answers.add(new Answer(status, "", bytes));
    return this;
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public String url() {
    return "http://127.0.0.1:" + port();
  }

  /** What lets it be called. */
  public HostRule rule() {
    return HostRule.parse(url());
  }

  public synchronized List<Seen> seen() {
    return List.copyOf(seen);
  }

  /** Blocks until so many requests have come. */
  public synchronized List<Seen> awaitSeen(int count) {
    try {
      while (seen.size() < count) {
        wait();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this", e);
    }
    return List.copyOf(seen);
  }

  private void handle(HttpExchange exchange) throws IOException {
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    var headers = new Headers(exchange.getRequestHeaders());
    synchronized (this) {
      var path = exchange.getRequestURI().toString();
      seen.add(new Seen(exchange.getRequestMethod(), path, headers, body));
      notifyAll();
    }
    var answer = answers.poll();
    if (answer == null) {
      answer = new Answer(200, "", 0);
    }
    if (answer.status() == SILENCE) {
      awaitClose();
    } else {
      if (!answer.retryAfter().isEmpty()) {
        exchange.getResponseHeaders().add("Retry-After", answer.retryAfter());
      }
      int bytes = answer.bytes();
      exchange.sendResponseHeaders(answer.status(), bytes == 0 ? -1 : bytes);
      exchange.getResponseBody().write(new byte[bytes]);
    }
    exchange.close();
  }

  private void awaitClose() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.close();
  }
}
