package com.joyoi.management.node;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The sandboxes of a node that wait for runs. Not thread-safe: guarded by the pool's lock. */
final class IdleShelf {
  private final Map<SandboxKey, ArrayDeque<Idle>> idle = new HashMap<>();
  private int size;

  private record Idle(IdleSandbox sandbox, long since) {}

  int size() {
    return size;
  }

  Set<SandboxKey> keys() {
    return idle.keySet();
  }

  int count(SandboxKey key) {
    var those = idle.get(key);
    return those == null ? 0 : those.size();
  }

  /**
   * @param now of {@link System#nanoTime}
   */
  void add(SandboxKey key, IdleSandbox sandbox, long now) {
    idle.computeIfAbsent(key, unused -> new ArrayDeque<>()).addLast(new Idle(sandbox, now));
    size++;
  }

  /** The one that has waited for the shortest time; null when there is none. */
  @Nullable IdleSandbox take(SandboxKey key) {
    var those = idle.get(key);
    if (those == null) {
      return null;
    }
    var taken = those.removeLast();
    removed(key, those);
    return taken.sandbox();
  }

  /** The one that has waited for the longest time; null when there is none. */
  @Nullable IdleSandbox takeOldest() {
    SandboxKey oldest = null;
    long since = 0;
    for (var entry : idle.entrySet()) {
      var first = entry.getValue().peekFirst();
      if (first != null && (oldest == null || first.since() - since < 0)) {
        oldest = entry.getKey();
        since = first.since();
      }
    }
    return oldest == null ? null : takeFirst(oldest);
  }

  private @Nullable IdleSandbox takeFirst(SandboxKey key) {
    var those = idle.get(key);
    if (those == null) {
      return null;
    }
    var taken = those.removeFirst();
    removed(key, those);
    return taken.sandbox();
  }

  /** Those that can't be used any more, or have waited for too long. */
  List<IdleSandbox> takeSpent(long now, Duration idleFor) {
    var spent = new ArrayList<IdleSandbox>();
    for (var key : List.copyOf(idle.keySet())) {
      var those = idle.get(key);
      if (those != null) {
        those.removeIf(
            one -> {
              var isSpent = now - one.since() > idleFor.toNanos() || !one.sandbox().isAlive();
              if (isSpent) {
                spent.add(one.sandbox());
                size--;
              }
              return isSpent;
            });
        if (those.isEmpty()) {
          idle.remove(key);
        }
      }
    }
    return spent;
  }

  List<IdleSandbox> takeAll(SandboxKey key) {
    var those = idle.remove(key);
    if (those == null) {
      return List.of();
    }
    size -= those.size();
    return those.stream().map(Idle::sandbox).toList();
  }

  List<IdleSandbox> takeAll() {
    var all = new ArrayList<IdleSandbox>();
    idle.values().forEach(those -> those.forEach(one -> all.add(one.sandbox())));
    idle.clear();
    size = 0;
    return all;
  }

  private void removed(SandboxKey key, ArrayDeque<Idle> those) {
    size--;
    if (those.isEmpty()) {
      idle.remove(key);
    }
  }
}
