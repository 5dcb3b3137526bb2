package com.joyoi.management.web.body;

import com.joyoi.management.error.JoyoiException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * What a client sends, up to a limit. A fault of the client is thrown unchecked, so that nobody
 * takes it for one of a store or a parser behind. Confined to its request.
 */
public final class RequestBody extends InputStream {
  /** How long a client that is refused may take to send the rest. */
  private static final Duration MAX_DRAIN = Duration.ofSeconds(30);

  private static final int BUFFER_BYTES = 16 * 1024;

  private final InputStream in;
  private final long announced;
  private final long maxBytes;
  private long count;
  private boolean ended;

  /**
   * @param announced length, -1 when it is not known
   * @throws BodyRefusedException when it is over the limit
   */
  public RequestBody(InputStream in, long announced, long maxBytes) {
    if (announced > maxBytes) {
      throw BodyRefusedException.tooLarge(maxBytes);
    }
    this.in = in;
    this.announced = announced;
    this.maxBytes = maxBytes;
  }

  @Override
  public int read() {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) {
    int read;
    try {
      read = in.read(buffer, offset, length);
    } catch (IOException e) {
      ended = true;
      throw JoyoiException.invalid("the body broke off: " + e.getMessage());
    }
    ended |= read < 0;
    if (read < 0 && count < announced) {
      throw JoyoiException.invalid(
          "the body broke off after %d of %d bytes".formatted(count, announced));
    }
    count += Math.max(read, 0);
    if (count > maxBytes) {
      ended = true;
      throw BodyRefusedException.tooLarge(maxBytes);
    }
    return read;
  }

  /**
   * Reads the rest for nothing: many clients send all before they look at the answer, and would
   * find their connection cut in place of it.
   */
  public void drain() {
    long deadline = System.nanoTime() + MAX_DRAIN.toNanos();
    var buffer = new byte[BUFFER_BYTES];
    try {
      while (!ended && System.nanoTime() - deadline < 0) {
        read(buffer, 0, buffer.length);
      }
    } catch (JoyoiException e) {
      // The client is gone, or sends more than it may: what it is told is no matter any more.
    }
  }
}
