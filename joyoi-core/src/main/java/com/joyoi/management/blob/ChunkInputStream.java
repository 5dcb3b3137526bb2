package com.joyoi.management.blob;

import java.io.IOException;
import java.io.InputStream;

/** What stands in the chunks of a blob. Confined to one thread. */
final class ChunkInputStream extends InputStream {
  private final ChunkReader chunks;
  private final Unpacking unpacking;
  private InputStream chunk;

  /** From what is stored to what can be read. */
  @FunctionalInterface
  interface Unpacking {
    InputStream content(byte[] stored) throws IOException;
  }

  /**
   * @param first the chunk that was read already
   * @param chunks those behind it
   */
  ChunkInputStream(byte[] first, ChunkReader chunks, Unpacking unpacking) throws IOException {
    this.chunks = chunks;
    this.unpacking = unpacking;
    this.chunk = unpacking.content(first);
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    int read = chunk.read(bytes, offset, length);
    while (read < 0) {
      var next = chunks.next();
      if (next == null) {
        return -1;
      }
      chunk.close();
      chunk = unpacking.content(next);
      read = chunk.read(bytes, offset, length);
    }
    return read;
  }

  /** What is left of the chunk at hand: asked by the decompressor of gzip before it ends. */
  @Override
  public int available() throws IOException {
    return chunk.available();
  }

  @Override
  public void close() throws IOException {
    chunks.close();
    chunk.close();
  }
}
