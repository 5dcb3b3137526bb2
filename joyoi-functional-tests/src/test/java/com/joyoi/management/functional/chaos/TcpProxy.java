package com.joyoi.management.functional.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A way from a client to a server that can be cut, slowed down, blocked, or lose what the server
 * says. Thread-safe.
 */
final class TcpProxy implements AutoCloseable {
  private static final int BUFFER_BYTES = 16 * 1024;
  private static final int CONNECT_MILLIS = 5000;
  private static final long UNBOUNDED = Long.MAX_VALUE;

  /** What becomes of bytes and connections. */
  enum Mode {
    PASS,
    /** Connections are reset, new ones too. */
    CUT,
    /** Each piece of data is late. */
    DELAY,
    /** Nothing moves and nothing ends; it goes on when that is over. */
    BLOCK,
    /** What the client says arrives, and no answer. */
    SWALLOW
  }

  /** Something that the client says, of which the proxy tells. */
  record Watch(byte[] text, boolean pass, Runnable seen) {
    /**
     * @param text in ASCII
     * @param pass whether it may arrive before that is told
     * @param seen may block: nothing moves on the connection meanwhile
     */
    static Watch of(String text, boolean pass, Runnable seen) {
      return new Watch(text.getBytes(StandardCharsets.US_ASCII), pass, seen);
    }
  }

  private final ServerSocket server;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final AtomicLong budget = new AtomicLong(UNBOUNDED);
  private volatile InetSocketAddress target;
  private volatile @Nullable Watch watch;

  // Guarded by this; delayMillis as well.
  private Mode mode = Mode.PASS;
  private long delayMillis;
  private boolean closed;

  TcpProxy(InetSocketAddress target) {
    this.target = target;
    try {
      server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().name("proxy-" + port()).daemon().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** For new connections. */
  void target(InetSocketAddress newTarget) {
    target = newTarget;
  }

  /** Everything passes from now on. */
  void heal() {
    budget.set(UNBOUNDED);
    watch = null;
    enter(Mode.PASS, 0);
  }

  void enter(Mode newMode, long newDelayMillis) {
    synchronized (this) {
      mode = newMode;
      delayMillis = newDelayMillis;
      notifyAll();
    }
    if (newMode == Mode.CUT) {
      reset();
    }
  }

  /** Resets what is connected now. */
  void reset() {
    links.forEach(Link::reset);
  }

  /** Resets everything once so many bytes more have passed, in both directions together. */
  void resetAfter(long bytes) {
    budget.set(bytes);
  }

  /** Tells of the next time that a client says that, once. */
  void watch(Watch newWatch) {
    watch = newWatch;
  }

  private void accept() {
    while (true) {
      try {
        var client = server.accept();
        Thread.ofVirtual().start(() -> connect(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void connect(Socket client) {
    var upstream = new Socket();
    var link = new Link(client, upstream);
    links.add(link);
    try {
      if (awaitPassing() == Mode.CUT) {
        link.reset();
        return;
      }
      client.setTcpNoDelay(true);
      upstream.setTcpNoDelay(true);
      upstream.connect(target, CONNECT_MILLIS);
      Thread.ofVirtual().start(() -> pump(link, upstream, client, false));
      pump(link, client, upstream, true);
    } catch (IOException e) {
      link.reset();
    }
  }

  private void pump(Link link, Socket from, Socket to, boolean request) {
    var buffer = new byte[BUFFER_BYTES];
    try {
      int read = from.getInputStream().read(buffer);
      while (read >= 0) {
        var now = awaitPassing();
        if (now == Mode.CUT) {
          link.reset();
          return;
        }
        if (now != Mode.SWALLOW || request) {
          pass(buffer, read, to, request);
        }
        read = from.getInputStream().read(buffer);
      }
      to.shutdownOutput();
      if (link.half()) {
        link.close();
      }
    } catch (IOException e) {
      link.reset();
    }
  }

  private void pass(byte[] buffer, int length, Socket to, boolean request) throws IOException {
    var watching = request ? watch : null;
    var found = watching != null && contains(buffer, length, watching.text()) ? watching : null;
    if (found != null && !found.pass()) {
      tell(found);
    }
    long left = budget.get() == UNBOUNDED ? UNBOUNDED : budget.addAndGet(-length);
    if (left < 0) {
      to.getOutputStream().write(buffer, 0, (int) Math.max(0, length + left));
      budget.set(UNBOUNDED);
      reset();
      throw new IOException("cut");
    }
    to.getOutputStream().write(buffer, 0, length);
    if (found != null && found.pass()) {
      tell(found);
    }
  }

  private void tell(Watch seen) {
    synchronized (this) {
      if (watch != seen) {
        return;
      }
      watch = null;
    }
    seen.seen().run();
  }

  private static boolean contains(byte[] buffer, int length, byte[] text) {
    for (int at = 0; at + text.length <= length; at++) {
      int same = 0;
      while (same < text.length && buffer[at + same] == text[same]) {
        same++;
      }
      if (same == text.length) {
        return true;
      }
    }
    return false;
  }

  /** Waits as the mode demands. */
  private synchronized Mode awaitPassing() throws IOException {
    try {
      while (mode == Mode.BLOCK && !closed) {
        wait();
      }
      if (mode == Mode.DELAY) {
        long end = System.nanoTime() + delayMillis * 1_000_000;
        long left = end - System.nanoTime();
        while (mode == Mode.DELAY && left > 0 && !closed) {
          wait(left / 1_000_000 + 1);
          left = end - System.nanoTime();
        }
      }
      return mode;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      mode = Mode.CUT;
      notifyAll();
    }
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    reset();
  }

  private final class Link {
    private final Socket client;
    private final Socket upstream;
    private boolean half;

    Link(Socket client, Socket upstream) {
      this.client = client;
      this.upstream = upstream;
    }

    /** Whether the other direction has ended before. */
    synchronized boolean half() {
      var before = half;
      half = true;
      return before;
    }

    /** Without a word more. */
    void reset() {
      for (var socket : Set.of(client, upstream)) {
        try {
          socket.setSoLinger(true, 0);
        } catch (IOException e) {
          // It is closed.
        }
      }
      close();
    }

    void close() {
      links.remove(this);
      for (var socket : Set.of(client, upstream)) {
        try {
          socket.close();
        } catch (IOException e) {
          // Nothing is left to do with it.
        }
      }
    }
  }
}
