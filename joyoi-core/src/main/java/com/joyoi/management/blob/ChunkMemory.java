package com.joyoi.management.blob;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What the buffers of all contents that are being stored or read may take together. Nobody waits
 * for it: who gets none stores smaller chunks, or reads nothing ahead. Thread-safe.
 */
final class ChunkMemory {
  private final AtomicLong free;

  ChunkMemory(long bytes) {
    free = new AtomicLong(bytes);
  }

  boolean take(int bytes) {
    if (free.addAndGet(-bytes) >= 0) {
      return true;
    }
    free.addAndGet(bytes);
    return false;
  }

  void giveBack(int bytes) {
    free.addAndGet(bytes);
  }
}
