package com.joyoi.management.runner;

import com.joyoi.management.concurrent.Cancellation;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A stream that is read by code that wraps exceptions in its own: it remembers the first failure of
 * the reading itself, so that whose fault it was is not lost, and stops when the run is cancelled.
 */
final class WatchedStream extends FilterInputStream {
  private final Cancellation cancellation;
  private volatile @Nullable Exception failure;

  WatchedStream(InputStream in, Cancellation cancellation) {
    super(in);
    this.cancellation = cancellation;
  }

  /** What reading failed with, null when it did not. */
  @Nullable Exception failure() {
    return failure;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    try {
      cancellation.throwIfCancelled();
      return super.read(target, offset, length);
    } catch (IOException | RuntimeException e) {
      failure = failure == null ? e : failure;
      throw e;
    }
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
