package com.joyoi.management.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import org.jspecify.annotations.Nullable;

/**
 * The content of one attempt. It tells how long nothing was read, and a content that can't be read
 * from a connection that was lost. Thread-safe: the HTTP client reads on threads of its own.
 */
final class Upload implements AutoCloseable {
  private final BlobContent content;
  private volatile long lastReadNanos = System.nanoTime();
  private volatile @Nullable IOException failure;
  private volatile @Nullable InputStream opened;

  Upload(BlobContent content) {
    this.content = content;
  }

  /**
   * @throws IOException when the content can't be read
   */
  BodyPublisher publisher() throws IOException {
    long length = content.length();
    if (length == 0) {
      return BodyPublishers.noBody();
    }
    var stream = content.open();
    opened = stream;
    var body = BodyPublishers.ofInputStream(() -> new Watched(stream));
    return length < 0 ? body : BodyPublishers.fromPublisher(body, length);
  }

  long idleNanos() {
    return System.nanoTime() - lastReadNanos;
  }

  /** Why the content could not be read, null while it could. */
  @Nullable IOException failure() {
    return failure;
  }

  @Override
  public void close() throws IOException {
    var stream = opened;
    if (stream != null) {
      stream.close();
    }
  }

  private final class Watched extends FilterInputStream {
    Watched(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      try {
        return in.read(buffer, offset, length);
      } catch (IOException e) {
        failure = e;
        throw e;
      } finally {
        lastReadNanos = System.nanoTime();
      }
    }
  }
}
