package com.joyoi.management.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A stream from the network whose silence is bounded: one that keeps a reader for too long is
 * closed under it. For one reader; closed by any thread.
 */
final class GuardedStream extends FilterInputStream {
  /** {@link #readSinceNanos} while nobody reads. */
  private static final long NOT_READING = 0;

  private final Duration timeout;
  private final ScheduledFuture<?> check;
  private volatile long readSinceNanos = NOT_READING;
  private volatile boolean timedOut;

  GuardedStream(InputStream in, Duration timeout, ScheduledExecutorService timer) {
    super(in);
    this.timeout = timeout;
    // Often enough that silence is noticed after a quarter more than the time-out at the latest.
    long periodNanos = Math.max(1, timeout.toNanos() / 4);
    this.check =
        timer.scheduleWithFixedDelay(
            this::closeIfSilent, periodNanos, periodNanos, TimeUnit.NANOSECONDS);
  }

  private void closeIfSilent() {
    long since = readSinceNanos;
    if (since != NOT_READING && System.nanoTime() - since > timeout.toNanos()) {
      timedOut = true;
      try {
        close();
      } catch (IOException e) {
        // The reader gets the time-out; that the connection also failed to close adds nothing.
        timedOut = true;
      }
    }
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    long now = System.nanoTime();
    readSinceNanos = now == NOT_READING ? 1 : now;
    try {
      int read = in.read(buffer, offset, length);
      if (timedOut) {
        throw new HttpTimeoutException("no byte came for " + timeout);
      }
      return read;
    } catch (HttpTimeoutException e) {
      throw e;
    } catch (IOException e) {
      if (timedOut) {
        var silent = new HttpTimeoutException("no byte came for " + timeout);
        silent.addSuppressed(e);
        throw silent;
      }
      throw e;
    } finally {
      readSinceNanos = NOT_READING;
    }
  }

  @Override
  public void close() throws IOException {
    check.cancel(false);
    in.close();
  }
}
