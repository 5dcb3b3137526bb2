package com.joyoi.management.blob;

import java.io.OutputStream;
import java.util.Arrays;
import java.util.UUID;

/** Stores what is written to it in chunks. Confined to one thread. */
final class ChunkOutputStream extends OutputStream {
  /** Small enough for every server's packet limit (16 MB at least), escaped and all. */
  static final int CHUNK_BYTES = 3 * 1024 * 1024;

  /** Most contents are small: the buffer grows only where there is something to hold. */
  private static final int FIRST_BUFFER_BYTES = 16 * 1024;

  private final BlobRepository repository;
  private final UUID id;
  private byte[] buffer = new byte[FIRST_BUFFER_BYTES];
  private int filled;
  private int count;
  private boolean broken;
  private boolean closed;

  ChunkOutputStream(BlobRepository repository, UUID id) {
    this.repository = repository;
    this.id = id;
  }

  /** Chunks that were stored. */
  int count() {
    return count;
  }

  @Override
  public void write(int oneByte) {
    write(new byte[] {(byte) oneByte}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    int done = 0;
    while (done < length) {
      int part = Math.min(length - done, CHUNK_BYTES - filled);
      if (filled + part > buffer.length) {
        buffer =
            Arrays.copyOf(
                buffer, Math.min(CHUNK_BYTES, Math.max(buffer.length * 2, filled + part)));
      }
      System.arraycopy(bytes, offset + done, buffer, filled, part);
      filled += part;
      done += part;
      if (filled == CHUNK_BYTES) {
        store();
      }
    }
  }

  private void store() {
    var chunk = Arrays.copyOf(buffer, filled);
    filled = 0;
    if (!broken) {
      // When a chunk is lost the rest is of no use: what closing still writes is thrown away.
      broken = true;
      repository.writeChunk(id, count, chunk);
      broken = false;
      count++;
    }
  }

  /** Stores the last chunk. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      if (filled > 0) {
        store();
      }
    }
  }
}
