package com.joyoi.management.listing;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A list that may be too long for memory: its entries are read a few at a time, each time in a
 * short transaction, when an iterator is asked for them. Nothing needs closing, and nothing is held
 * while whoever reads it takes his time. Entries that go while it is read may be missing. Calls of
 * its iterator block, and throw what the store throws. Not thread-safe.
 */
public interface Listing<T> extends Iterable<T> {
  /**
   * Behind which entry the next listing begins, null when nothing stands behind this one. Known
   * from the beginning.
   */
  @Nullable String next();

  /** The same entries as something else. */
  default <R> Listing<R> map(Function<? super T, ? extends R> each) {
    var original = this;
    return new Listing<>() {
      @Override
      public @Nullable String next() {
        return original.next();
      }

      @Override
      public Iterator<R> iterator() {
        var entries = original.iterator();
        return new Iterator<>() {
          @Override
          public boolean hasNext() {
            return entries.hasNext();
          }

          @Override
          public R next() {
            return each.apply(entries.next());
          }
        };
      }
    };
  }

  /** All entries, in memory. */
  default List<T> toList() {
    var all = new ArrayList<T>();
    forEach(all::add);
    return List.copyOf(all);
  }
}
