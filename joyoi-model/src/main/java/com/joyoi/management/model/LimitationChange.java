package com.joyoi.management.model;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A change of stored limits, key by key: what is named in neither part stays as it is.
 *
 * @param set gets these values
 * @param removed these keys are inherited again; {@code "ulimit.nofile"} is one entry of {@code
 *     ulimit}
 */
public record LimitationChange(Limitation set, Set<String> removed) {
  private static final String ULIMIT = "ulimit";
  private static final String ENTRY = ULIMIT + ".";

  /**
   * @throws IllegalArgumentException for a key that no limit has
   */
  public LimitationChange {
    removed = Set.copyOf(removed);
    for (var key : removed) {
      if (!Limitation.KEYS.contains(key) && !(key.startsWith(ENTRY))) {
        throw new IllegalArgumentException("'" + key + "' is none of " + Limitation.KEYS);
      }
    }
  }

  public static LimitationChange of(Limitation set) {
    return new LimitationChange(set, Set.of());
  }

  /** The same, which removes one more key. */
  public LimitationChange without(String key) {
    var more = new TreeSet<>(removed);
    more.add(key);
    return new LimitationChange(set, more);
  }

  /** The limits after the change. */
  public Limitation appliedTo(Limitation stored) {
    var changed = stored.toBuilder();
    for (var limit : Limit.values()) {
      var value = limit.of(set);
      if (value != null || removed.contains(limit.key())) {
        limit.set(changed, value);
      }
    }
    if (set.enableNetwork() != null || removed.contains("enableNetwork")) {
      changed.enableNetwork(set.enableNetwork());
    }
    var ulimit = new TreeMap<String, Long>();
    if (stored.ulimit() != null && !removed.contains(ULIMIT)) {
      ulimit.putAll(stored.ulimit());
      ulimit.keySet().removeIf(name -> removed.contains(ENTRY + name));
    }
    if (set.ulimit() != null) {
      ulimit.putAll(set.ulimit());
    }
    return changed.ulimit(ulimit.isEmpty() ? null : ulimit).build();
  }

  /** As a request has it: what is removed is null. */
  @JsonValue
  Map<String, @Nullable Object> json() {
    var json = new LinkedHashMap<String, @Nullable Object>();
    for (var limit : Limit.values()) {
      put(json, limit.key(), limit.of(set));
    }
    put(json, "enableNetwork", set.enableNetwork());
    var ulimit = new TreeMap<String, @Nullable Long>();
    removed.stream()
        .filter(key -> key.startsWith(ENTRY))
        .forEach(key -> ulimit.put(key.substring(ENTRY.length()), null));
    if (set.ulimit() != null) {
      ulimit.putAll(set.ulimit());
    }
    put(json, ULIMIT, ulimit.isEmpty() ? null : ulimit);
    return json;
  }

  private void put(Map<String, @Nullable Object> json, String key, @Nullable Object value) {
    if (value != null || removed.contains(key)) {
      json.put(key, value);
    }
  }
}
