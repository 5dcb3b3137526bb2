package com.joyoi.management.docker;

import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.InputStream;
import java.time.Duration;

/**
 * A body that must keep coming: reads throw a node fault when the daemon goes silent. Each read
 * happens on a thread of its own, into a buffer of its own, so a late one harms nobody.
 */
final class GuardedStream extends InputStream {
  /** Large enough that a thread for each costs nothing beside the transfer. */
  private static final int BUFFER_BYTES = 64 << 10;

  private final Response response;
  private final InputStream body;
  private final TimedCalls calls;
  private final String node;
  private final String what;
  private final Duration stall;
  private byte[] buffer = new byte[BUFFER_BYTES];
  private int position;
  private int length;

  GuardedStream(Response response, TimedCalls calls, String node, String what, Duration stall) {
    this.response = response;
    this.body = response.getBody();
    this.calls = calls;
    this.node = node;
    this.what = what;
    this.stall = stall;
  }

  @Override
  public int read() {
    return fill() ? buffer[position++] & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int offset, int wanted) {
    if (wanted == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    var count = Math.min(wanted, length - position);
    System.arraycopy(buffer, position, target, offset, count);
    position += count;
    return count;
  }

  private boolean fill() {
    if (position < length) {
      return true;
    }
    if (length < 0) {
      return false;
    }
    try {
      var into = buffer;
      length = calls.longWithin(stall, what, () -> body.read(into));
      position = 0;
      return length > 0;
    } catch (Exception e) {
      // The thread that hangs may still write into the old one.
      buffer = new byte[0];
      length = -1;
      throw EngineErrors.translate(node, what, e);
    }
  }

  /** Drops the connection; closing the body would read what is left of it. */
  @Override
  public void close() {
    response.close();
  }
}
