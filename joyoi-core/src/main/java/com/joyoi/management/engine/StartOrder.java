package com.joyoi.management.engine;

import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/**
 * Lets an instance get a new execution key, and have its execution put in place, by one thread at a
 * time. Else the execution of an older key could replace the one that owns the instance, and nobody
 * would run it. Whoever has another instance waits for nobody, however long the database takes. No
 * code of programs may run in a turn: it may ask for one. Thread-safe.
 */
final class StartOrder {
  private final ConcurrentMap<UUID, CompletableFuture<Boolean>> turns = new ConcurrentHashMap<>();

  <T> T inTurn(UUID id, Supplier<T> storeAndPut) {
    var mine = new CompletableFuture<Boolean>();
    for (var before = turns.putIfAbsent(id, mine);
        before != null;
        before = turns.putIfAbsent(id, mine)) {
      before.join();
    }
    try {
      return storeAndPut.get();
    } finally {
      turns.remove(id);
      mine.complete(true);
    }
  }
}
