package com.joyoi.management.concurrent;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Those who wait, in the order of their priority (lower first) and, within one, of their coming.
 *
 * <p>Not thread-safe: the owner guards it by a lock of its own, under which it also keeps whatever
 * is waited for. Adding and leaving cost the same however many wait.
 *
 * @param <T> what is kept of each; need not have an {@code equals}
 */
public final class PriorityWaitQueue<T> {
  private final TreeMap<Integer, LinkedHashSet<Place<T>>> places = new TreeMap<>();

  /** Takes the last place within its priority. */
  public Place<T> add(int priority, T waiter) {
    var place = new Place<>(priority, waiter);
    places.computeIfAbsent(priority, p -> new LinkedHashSet<>()).add(place);
    return place;
  }

  /**
   * Leaves the queue.
   *
   * @return false when the place was not in the queue any more
   */
  public boolean remove(Place<T> place) {
    var same = places.get(place.priority);
    if (same == null || !same.remove(place)) {
      return false;
    }
    if (same.isEmpty()) {
      places.remove(place.priority);
    }
    return true;
  }

  /** Takes out the first of those that can be served; the others keep their places. */
  public Optional<T> removeFirst(Predicate<? super T> servable) {
    for (var same : places.values()) {
      for (var place : same) {
        if (servable.test(place.waiter)) {
          remove(place);
          return Optional.of(place.waiter);
        }
      }
    }
    return Optional.empty();
  }

  /** Takes out all, in order. */
  public List<T> drain() {
    var all = new ArrayList<T>();
    places.values().forEach(same -> same.forEach(place -> all.add(place.waiter)));
    places.clear();
    return all;
  }

  public boolean isEmpty() {
    return places.isEmpty();
  }

  /** How many wait, by priority; a copy without zeros. */
  public SortedMap<Integer, Integer> sizes() {
    var sizes = new TreeMap<Integer, Integer>();
    places.forEach((priority, same) -> sizes.put(priority, same.size()));
    return sizes;
  }

  /** A place in the queue; itself its own identity. */
  public static final class Place<T> {
    private final int priority;
    private final T waiter;

    private Place(int priority, T waiter) {
      this.priority = priority;
      this.waiter = waiter;
    }
  }
}
