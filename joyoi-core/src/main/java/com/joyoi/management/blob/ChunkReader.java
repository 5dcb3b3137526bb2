package com.joyoi.management.blob;

import com.joyoi.management.error.JoyoiException;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The stored chunks of a blob, one after the other: one in memory with its reader, and the next one
 * on its way while there is memory for it. Confined to one thread, beside those that load.
 */
final class ChunkReader implements AutoCloseable {
  private final BlobRepository repository;
  private final ChunkMemory memory;
  private final Executor threads;
  private final UUID id;
  private final int count;
  private int next;
  private boolean hasMemory;
  private @Nullable CompletableFuture<byte @Nullable []> ahead;

  /**
   * @param threads load what is read ahead; may block
   */
  ChunkReader(BlobRepository repository, ChunkMemory memory, Executor threads, UUID id, int count) {
    this.repository = repository;
    this.memory = memory;
    this.threads = threads;
    this.id = id;
    this.count = count;
  }

  /** The next one, null at the end. */
  byte @Nullable [] next() throws IOException {
    if (next == count) {
      close();
      return null;
    }
    var chunk = load();
    if (chunk == null) {
      throw new IOException(
          "blob " + id + " is damaged: chunk " + next + " of " + count + " is missing");
    }
    next++;
    readAhead();
    return chunk;
  }

  private byte @Nullable [] load() throws IOException {
    try {
      var begun = ahead;
      ahead = null;
      return begun == null ? repository.readChunk(id, next) : begun.join();
    } catch (CompletionException e) {
      throw unreadable(e.getCause() == null ? e : e.getCause());
    } catch (JoyoiException e) {
      throw unreadable(e);
    }
  }

  private IOException unreadable(Throwable cause) {
    return new IOException("blob " + id + " can't be read: " + cause.getMessage(), cause);
  }

  private void readAhead() {
    hasMemory = hasMemory || (next < count && memory.take(ChunkWriter.CHUNK_BYTES));
    if (hasMemory && next < count) {
      int index = next;
      ahead = CompletableFuture.supplyAsync(() -> repository.readChunk(id, index), threads);
    }
  }

  /** Reads no more. */
  @Override
  public void close() {
    next = count;
    if (hasMemory) {
      hasMemory = false;
      var begun = ahead;
      if (begun == null) {
        memory.giveBack(ChunkWriter.CHUNK_BYTES);
      } else {
        var unused = begun.whenComplete((chunk, error) -> memory.giveBack(ChunkWriter.CHUNK_BYTES));
      }
    }
  }
}
