package com.joyoi.management.listing;

import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lists what a fake holds.
 *
 * @param entries in the order of the list
 */
public record ListedInMemory<K, T>(List<T> entries, Function<T, K> key)
    implements Pages.Source<K, T> {
  private static final long BYTES = 100 * 1024;

  public static <K, T> Listing<T> of(
      Collection<T> entries, Function<T, K> key, @Nullable K after, int limit) {
    return Pages.of(new ListedInMemory<>(List.copyOf(entries), key), after, limit);
  }

  private List<K> behind(@Nullable K after) {
    var keys = entries.stream().map(key).toList();
    return keys.subList(keys.indexOf(after) + 1, keys.size());
  }

  @Override
  public @Nullable K cut(@Nullable K after, int limit) {
    var keys = behind(after);
    return keys.size() > limit ? keys.get(limit - 1) : null;
  }

  @Override
  public List<Pages.Sized<K>> keys(@Nullable K after, @Nullable K until, int limit) {
    var keys = behind(after);
    int end = until == null ? keys.size() : keys.indexOf(until) + 1;
    return keys.subList(0, Math.min(limit, end)).stream()
        .map(one -> new Pages.Sized<>(one, BYTES))
        .toList();
  }

  @Override
  public List<T> entries(List<K> keys) {
    return entries.stream().filter(entry -> keys.contains(key.apply(entry))).toList();
  }
}
