package com.joyoi.management.concurrent;

import com.joyoi.management.concurrent.WaitQueue.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Some of a {@link WaitQueue} with nobody else between them, in order and never empty, and the root
 * of a subtree of such blocks. Not thread-safe.
 */
final class WaitBlock<T extends Entry> {
  /** So few that whoever is looked for is found in a moment, so many that blocks are rare. */
  private static final int MAX_SIZE = 32;

  final long weight;
  @Nullable WaitBlock<T> left;
  @Nullable WaitBlock<T> right;

  private final List<T> entries;

  /**
   * Names that nobody in the block wants. It may lack some since others have left, until {@link
   * #recount}.
   */
  private Set<String> excluded;

  /** Names that nobody in the subtree wants, by what its blocks know. */
  private Set<String> excludedByAll;

  WaitBlock(long weight, T first) {
    this(weight, new ArrayList<>(List.of(first)));
  }

  private WaitBlock(long weight, List<T> entries) {
    this.weight = weight;
    this.entries = entries;
    excluded = commonExclusions(entries);
    excludedByAll = excluded;
  }

  static int compare(Entry one, Entry other) {
    return one.priority() == other.priority()
        ? Long.compare(one.number(), other.number())
        : Integer.compare(one.priority(), other.priority());
  }

  Set<String> excluded() {
    return excluded;
  }

  Set<String> excludedByAll() {
    return excludedByAll;
  }

  int size() {
    return entries.size();
  }

  boolean isFull() {
    return entries.size() >= MAX_SIZE;
  }

  T get(int index) {
    return entries.get(index);
  }

  void addTo(List<T> all) {
    all.addAll(entries);
  }

  boolean isAfter(WaitBlock<T> other) {
    return compare(get(0), other.get(0)) > 0;
  }

  /** How many of the block come before the entry. */
  int placeOf(T entry) {
    int low = 0;
    int high = entries.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (compare(entries.get(middle), entry) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * Takes one in.
   *
   * @return whether {@link #excluded} has changed
   */
  boolean insert(int index, T entry) {
    entries.add(index, entry);
    var before = excluded;
    excluded = common(excluded, entry.excluded());
    return excluded != before;
  }

  void remove(int index) {
    entries.remove(index);
  }

  /** Parts with the second half. */
  WaitBlock<T> split(long weightOfRest) {
    var half = entries.subList(entries.size() / 2, entries.size());
    var rest = new WaitBlock<>(weightOfRest, new ArrayList<>(half));
    half.clear();
    recount();
    return rest;
  }

  /** Finds out anew what nobody wants. */
  void recount() {
    excluded = commonExclusions(entries);
  }

  private static Set<String> commonExclusions(List<? extends Entry> entries) {
    var names = entries.getFirst().excluded();
    for (var entry : entries) {
      names = common(names, entry.excluded());
    }
    return names;
  }

  /**
   * Gets other subtrees. Writes nothing that stays as it was: a collector looks again at each old
   * object that has been written to.
   */
  WaitBlock<T> with(@Nullable WaitBlock<T> newLeft, @Nullable WaitBlock<T> newRight) {
    if (left != newLeft) {
      left = newLeft;
    }
    if (right != newRight) {
      right = newRight;
    }
    var byAll = excluded;
    if (newLeft != null) {
      byAll = common(byAll, newLeft.excludedByAll);
    }
    if (newRight != null) {
      byAll = common(byAll, newRight.excludedByAll);
    }
    if (excludedByAll != byAll) {
      excludedByAll = byAll;
    }
    return this;
  }

  /** One of the two where it can be, so that equal exclusions are kept but once. */
  private static Set<String> common(Set<String> one, Set<String> other) {
    var smaller = one.size() <= other.size() ? one : other;
    var larger = smaller == one ? other : one;
    if (larger.containsAll(smaller)) {
      return smaller;
    }
    if (smaller.size() == 1) {
      return Set.of();
    }
    return smaller.stream().filter(larger::contains).collect(Collectors.toUnmodifiableSet());
  }
}
