package com.joyoi.management.persistence;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Cuts what would make too long a statement. */
final class Batches {
  private Batches() {}

  static <T> List<List<T>> of(Collection<T> all, int size) {
    var list = List.copyOf(all);
    var batches = new ArrayList<List<T>>();
    for (int from = 0; from < list.size(); from += size) {
      batches.add(list.subList(from, Math.min(list.size(), from + size)));
    }
    return batches;
  }
}
