package com.joyoi.management.listing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * A listing by keys: some keys are read with the sizes of their entries, and then as many entries
 * at once as take little memory.
 *
 * @param <K> what the list is ordered by, unique
 */
public final class Pages<K, T> implements Listing<T> {
  private static final int KEYS_AT_ONCE = 500;

  /** Held for each client that reads a list, however slowly; a larger entry comes alone. */
  private static final long PAGE_BYTES = 256 * 1024;

  private final Source<K, T> source;
  private final @Nullable K after;
  private final int limit;
  private final @Nullable K cut;

  private Pages(Source<K, T> source, @Nullable K after, int limit, @Nullable K cut) {
    this.source = source;
    this.after = after;
    this.limit = limit;
    this.cut = cut;
  }

  /**
   * A listing of a source; finds out where it is cut.
   *
   * @param after begins behind this key, null at the beginning
   * @param limit at most so many; {@link Integer#MAX_VALUE} for all
   */
  public static <K, T> Listing<T> of(Source<K, T> source, @Nullable K after, int limit) {
    return new Pages<>(
        source, after, limit, limit == Integer.MAX_VALUE ? null : source.cut(after, limit));
  }

  @Override
  public @Nullable String next() {
    return cut == null ? null : cut.toString();
  }

  @Override
  public Iterator<T> iterator() {
    return new Reading();
  }

  /** Where keys and entries come from. Every call blocks. */
  public interface Source<K, T> {
    /** The last of {@code limit} keys behind one, when there is another behind it; else null. */
    @Nullable K cut(@Nullable K after, int limit);

    /**
     * Keys in their order.
     *
     * @param after begins behind this one, null at the beginning
     * @param until ends with this one, null at the end
     */
    List<Sized<K>> keys(@Nullable K after, @Nullable K until, int limit);

    /** The entries of some keys, in their order; those that are gone are left out. */
    List<T> entries(List<K> keys);
  }

  /**
   * A key and about how large its entry is.
   *
   * @param bytes in the store
   */
  public record Sized<K>(K key, long bytes) {}

  private final class Reading implements Iterator<T> {
    private final Deque<Sized<K>> keys = new ArrayDeque<>();
    private Iterator<T> page = Collections.emptyIterator();
    private @Nullable K last = after;

    /** What is added behind while it is read is not followed without end. */
    private int left = limit;

    @Override
    public boolean hasNext() {
      while (!page.hasNext()) {
        if (keys.isEmpty() && !readKeys()) {
          return false;
        }
        page = source.entries(nextKeys()).iterator();
      }
      return true;
    }

    private boolean readKeys() {
      // Where it is cut is known by the key: others may have come before it since.
      int wanted = cut == null ? Math.min(KEYS_AT_ONCE, left) : KEYS_AT_ONCE;
      if (wanted > 0) {
        keys.addAll(source.keys(last, cut, wanted));
      }
      if (keys.isEmpty()) {
        return false;
      }
      left -= keys.size();
      last = keys.getLast().key();
      return true;
    }

    private List<K> nextKeys() {
      var first = keys.removeFirst();
      var some = new ArrayList<K>(List.of(first.key()));
      long bytes = first.bytes();
      while (!keys.isEmpty() && bytes + keys.getFirst().bytes() <= PAGE_BYTES) {
        var one = keys.removeFirst();
        bytes += one.bytes();
        some.add(one.key());
      }
      return some;
    }

    @Override
    public T next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return page.next();
    }
  }
}
