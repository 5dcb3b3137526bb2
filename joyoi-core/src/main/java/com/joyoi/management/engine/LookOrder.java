package com.joyoi.management.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Which instances a look at the database asks for: all of them while they are few, else some, and
 * others the next time, so that a look is one statement however many there are. Confined to the
 * thread that looks.
 */
final class LookOrder {
  /** Ids that one statement asks for; more would make slow plans. */
  static final int AT_ONCE = 500;

  private UUID last = new UUID(0, 0);

  /** The next ones that are wanted. */
  List<UUID> next(Set<UUID> all, Predicate<UUID> wanted) {
    var sorted = new TreeSet<>(all);
    var next = new ArrayList<UUID>();
    add(next, sorted.tailSet(last, false), wanted);
    add(next, sorted.headSet(last, true), wanted);
    if (!next.isEmpty()) {
      last = next.get(next.size() - 1);
    }
    return next;
  }

  private static void add(List<UUID> next, Set<UUID> some, Predicate<UUID> wanted) {
    for (var id : some) {
      if (next.size() == AT_ONCE) {
        return;
      }
      if (wanted.test(id)) {
        next.add(id);
      }
    }
  }
}
