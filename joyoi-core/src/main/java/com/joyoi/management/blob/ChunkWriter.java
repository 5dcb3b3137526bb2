package com.joyoi.management.blob;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/**
 * Reads a content and stores it in chunks: some are packed and stored while the next one is read.
 * What fits into one chunk is kept, since it may be stored already. While memory is short, chunks
 * are smaller, and stored one at a time. Confined to one thread, beside those that store.
 */
final class ChunkWriter implements AutoCloseable {
  /**
   * What a reader holds, too, for as long as its client takes. In a small heap the collector can
   * move no array of 512 KB or more, and has to collect all for each of them.
   */
  static final int CHUNK_BYTES = 256 * 1024;

  /** Most contents are small: the buffer grows only where there is something to hold. */
  private static final int FIRST_BUFFER_BYTES = 16 * 1024;

  /** Stored at once; more make it no quicker. */
  private static final int MOST_UNDER_WAY = 4;

  private final BlobRepository repository;
  private final ChunkMemory memory;
  private final Executor threads;
  private final UUID id;
  private final MessageDigest digest = Sha256.start();
  private final Deque<UnderWay> underWay = new ArrayDeque<>();
  private byte[] buffer = new byte[FIRST_BUFFER_BYTES];
  private int filled = Chunk.HEAD_BYTES;
  private int taken;
  private int count;
  private long size;

  private record UnderWay(byte[] buffer, CompletableFuture<Void> stored) {}

  /**
   * @param threads pack and store chunks; may block
   */
  ChunkWriter(BlobRepository repository, ChunkMemory memory, Executor threads, UUID id) {
    this.repository = repository;
    this.memory = memory;
    this.threads = threads;
    this.id = id;
  }

  /** Reads to the end; everything is stored then, but for what {@link #isHeld()}. */
  void readAll(InputStream content) throws IOException {
    int read = 0;
    while (read >= 0) {
      if (filled == buffer.length && !grow()) {
        store();
      }
      read = content.read(buffer, filled, buffer.length - filled);
      if (read > 0) {
        digest.update(buffer, filled, read);
        filled += read;
        size += read;
      }
    }
    if (count > 0 && filled > Chunk.HEAD_BYTES) {
      store();
    }
    while (!underWay.isEmpty()) {
      await(underWay.removeFirst());
    }
  }

  /** Whether the whole content is in memory, and nothing of it stored. */
  boolean isHeld() {
    return count == 0;
  }

  /** The one chunk of a content that is held, packed. */
  byte[] held() {
    return Chunk.packed(buffer, filled);
  }

  /** A content that is held. */
  InputStream open() {
    return new ByteArrayInputStream(buffer, Chunk.HEAD_BYTES, filled - Chunk.HEAD_BYTES);
  }

  /** Chunks that were stored. */
  int count() {
    return count;
  }

  long size() {
    return size;
  }

  /** Of what {@link #readAll} has read; once. */
  String sha256() {
    return HexFormat.of().formatHex(digest.digest());
  }

  private boolean grow() {
    int length = Math.min(CHUNK_BYTES, buffer.length * 2);
    if (length == buffer.length || !take(length - buffer.length)) {
      return false;
    }
    buffer = Arrays.copyOf(buffer, length);
    return true;
  }

  private boolean take(int bytes) {
    if (memory.take(bytes)) {
      taken += bytes;
      return true;
    }
    return false;
  }

  private void store() {
    int index = count++;
    var full = buffer;
    int end = filled;
    filled = Chunk.HEAD_BYTES;
    if (index == 0) {
      // The first one makes the upload known, which the others rely on.
      repository.writeChunk(id, index, Chunk.packed(full, end));
      return;
    }
    underWay.add(
        new UnderWay(
            full,
            CompletableFuture.runAsync(
                () -> repository.writeChunk(id, index, Chunk.packed(full, end)), threads)));
    if (underWay.size() <= MOST_UNDER_WAY && take(full.length)) {
      buffer = new byte[full.length];
    } else {
      var first = underWay.removeFirst();
      await(first);
      buffer = first.buffer();
    }
  }

  private static void await(UnderWay chunk) {
    try {
      chunk.stored().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw e;
    }
  }

  /** Waits for what is under way, then gives the memory back. */
  @Override
  public void close() {
    underWay.forEach(chunk -> chunk.stored().exceptionally(error -> null).join());
    underWay.clear();
    memory.giveBack(taken);
    taken = 0;
  }
}
