package com.joyoi.management.sandbox;

import java.io.InputStream;

/** A file's content as it comes, part by part. */
final class FetchStream extends InputStream {
  /** Large enough that asking costs nothing, small enough to be thrown away. */
  private static final long PART_BYTES = 4L << 20;

  private final SandboxConnection connection;
  private final String path;
  private final long sizeBytes;
  private long offset;
  private long leftInPart;
  private boolean closed;

  /** The first part's bytes are on their way. */
  FetchStream(SandboxConnection connection, String path, long sizeBytes, long firstPartBytes) {
    this.connection = connection;
    this.path = path;
    this.sizeBytes = sizeBytes;
    this.leftInPart = firstPartBytes;
  }

  @Override
  public int read() {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int from, int length) {
    if (closed) {
      throw new IllegalStateException("the content of " + path + " is closed");
    }
    if (length == 0) {
      return 0;
    }
    if (leftInPart == 0) {
      if (offset == sizeBytes) {
        return -1;
      }
      leftInPart = connection.fetchPart(path, offset, PART_BYTES, sizeBytes);
    }
    var count = connection.takeData(target, from, (int) Math.min(length, leftInPart));
    offset += count;
    leftInPart -= count;
    if (leftInPart == 0) {
      connection.endPart(path);
    }
    return count;
  }

  /** Takes what is on its way, and nothing more. */
  @Override
  public void close() {
    var rest = new byte[16 << 10];
    while (!closed && leftInPart > 0) {
      leftInPart -= connection.takeData(rest, 0, (int) Math.min(rest.length, leftInPart));
      if (leftInPart == 0) {
        connection.endPart(path);
      }
    }
    closed = true;
  }
}
