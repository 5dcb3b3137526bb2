package com.joyoi.management.functional.client;

import java.io.InputStream;

/** So many bytes that do not compress to nothing, made as they are read. */
final class Pattern extends InputStream {
  private long left;
  private long state = 42;

  Pattern(long bytes) {
    this.left = bytes;
  }

  @Override
  public int read() {
    if (left == 0) {
      return -1;
    }
    left--;
    state = state * 6364136223846793005L + 1442695040888963407L;
    return (int) (state >>> 56);
  }
}
