package com.joyoi.management.blob;

import java.io.OutputStream;
import java.util.Arrays;
import java.util.UUID;

/**
 * Stores what is written to it in chunks, smaller ones while memory is short. Confined to one
 * thread.
 */
final class ChunkOutputStream extends OutputStream {
  /**
   * What a reader holds, too, for as long as its client takes. Bigger chunks make a transfer little
   * quicker. Far below every server's packet limit (16 MB at least), escaped and all.
   */
  static final int CHUNK_BYTES = 1024 * 1024;

  /** Most contents are small: the buffer grows only where there is something to hold. */
  private static final int FIRST_BUFFER_BYTES = 16 * 1024;

  private final BlobRepository repository;
  private final ChunkMemory memory;
  private final UUID id;
  private byte[] buffer = new byte[FIRST_BUFFER_BYTES];
  private int filled;
  private int count;
  private boolean broken;
  private boolean closed;

  ChunkOutputStream(BlobRepository repository, ChunkMemory memory, UUID id) {
    this.repository = repository;
    this.memory = memory;
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
      if (filled == buffer.length && !grow()) {
        store();
      }
      int part = Math.min(length - done, buffer.length - filled);
      System.arraycopy(bytes, offset + done, buffer, filled, part);
      filled += part;
      done += part;
    }
  }

  private boolean grow() {
    int size = Math.min(CHUNK_BYTES, buffer.length * 2);
    if (size == buffer.length || !memory.take(size - buffer.length)) {
      return false;
    }
    buffer = Arrays.copyOf(buffer, size);
    return true;
  }

  private void store() {
    var chunk = filled == buffer.length ? buffer : Arrays.copyOf(buffer, filled);
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
      try {
        if (filled > 0) {
          store();
        }
      } finally {
        memory.giveBack(buffer.length - FIRST_BUFFER_BYTES);
      }
    }
  }
}
