package com.joyoi.management.runner;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A content that must be exactly as long as announced: a tar can't take back its header. */
final class ExactStream extends FilterInputStream {
  private final long announced;
  private final String name;
  private long left;

  ExactStream(InputStream in, long announced, String name) {
    super(in);
    this.announced = announced;
    this.left = announced;
    this.name = name;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (left == 0) {
      if (super.read(target, offset, 1) >= 0) {
        throw new IOException(name + " is longer than the announced " + announced + " bytes");
      }
      return -1;
    }
    var count = super.read(target, offset, (int) Math.min(length, left));
    if (count < 0) {
      throw new IOException(
          name + " ended " + left + " bytes before the announced " + announced + " bytes");
    }
    left -= count;
    return count;
  }
}
