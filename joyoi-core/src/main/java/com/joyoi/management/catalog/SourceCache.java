package com.joyoi.management.catalog;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What sources were made into, by their hashes. Those who want the same wait for the first, who
 * makes it; nobody waits for another hash, however long the database takes. Thread-safe.
 */
final class SourceCache<V> {
  private final Cache<String, V> made;
  private final ConcurrentMap<String, CompletableFuture<@Nullable V>> underWay =
      new ConcurrentHashMap<>();

  /**
   * @param bounds of what is kept
   */
  SourceCache(Caffeine<? super String, ? super V> bounds) {
    made = bounds.executor(Runnable::run).build();
  }

  /**
   * What a source was made into; null when {@code make} gives that. What it throws is thrown by all
   * who wait, and not kept.
   */
  @Nullable V get(String hash, Function<String, @Nullable V> make) {
    var known = made.getIfPresent(hash);
    if (known != null) {
      return known;
    }
    var mine = new CompletableFuture<@Nullable V>();
    var first = underWay.putIfAbsent(hash, mine);
    return first == null ? made(hash, make, mine) : joined(first);
  }

  private @Nullable V made(
      String hash, Function<String, @Nullable V> make, CompletableFuture<@Nullable V> told) {
    try {
      var value = make.apply(hash);
      if (value != null) {
        made.put(hash, value);
      }
      told.complete(value);
      return value;
    } catch (RuntimeException | Error e) {
      told.completeExceptionally(e);
      throw e;
    } finally {
      underWay.remove(hash);
    }
  }

  private static <V> @Nullable V joined(CompletableFuture<@Nullable V> first) {
    try {
      return first.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException known ? known : e;
    }
  }
}
