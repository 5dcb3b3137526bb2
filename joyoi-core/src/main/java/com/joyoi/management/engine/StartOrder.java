package com.joyoi.management.engine;

import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Lets an instance get a new execution key and be started under it by one thread at a time. Else
 * the start of an older key could replace, and cancel, the execution that owns the instance, and
 * nobody would run it. Thread-safe; threads wait for as long as the database takes.
 */
final class StartOrder {
  /** So many instances are rarely started at the same moment; two may share a lock. */
  private static final int LOCKS = 64;

  private final ReentrantLock[] locks =
      Stream.generate(ReentrantLock::new).limit(LOCKS).toArray(ReentrantLock[]::new);

  <T> T inTurn(UUID id, Supplier<T> storeAndStart) {
    var lock = locks[Math.floorMod(id.hashCode(), LOCKS)];
    lock.lock();
    try {
      return storeAndStart.get();
    } finally {
      lock.unlock();
    }
  }
}
