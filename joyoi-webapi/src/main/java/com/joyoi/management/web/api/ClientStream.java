package com.joyoi.management.web.api;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.web.body.BodyRefusedException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Content that a client sends: counted against a limit, and remembering its own failure, so that a
 * fault of the client is not taken for one of the store. Confined to one thread.
 */
final class ClientStream extends FilterInputStream {
  private final long maxBytes;
  private long count;
  private @Nullable IOException failure;

  ClientStream(InputStream content, long maxBytes) {
    super(content);
    this.maxBytes = maxBytes;
  }

  @Override
  public int read() throws IOException {
    try {
      int value = super.read();
      count(value < 0 ? -1 : 1);
      return value;
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    try {
      int read = super.read(buffer, offset, length);
      count(read);
      return read;
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  private void count(int read) throws IOException {
    if (read > 0) {
      count += read;
      if (count > maxBytes) {
        throw new IOException("more than " + maxBytes + " bytes");
      }
    }
  }

  /**
   * Does what reads this content, and tells a fault of the client from one of the store.
   *
   * @param unreadable what is said of content that could not be read
   */
  <T> T readBy(Supplier<T> work, Function<IOException, JoyoiException> unreadable) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      if (count > maxBytes) {
        throw BodyRefusedException.tooLarge(maxBytes);
      }
      throw failure == null ? e : unreadable.apply(failure);
    }
  }
}
