package com.joyoi.management.concurrent;

import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for one of several named things, each with names that it does not want, in the
 * order of their priority (lower first) and, within one, of their number.
 *
 * <p>Whatever they exclude, adding, leaving and finding the first look at O(log n) places. It is a
 * treap: a search tree whose places have random weights, each weighing more than those below it,
 * which keeps it balanced. Each place knows which names all of its subtree exclude, so that a
 * search never enters a subtree that holds nobody for it.
 *
 * <p>Not thread-safe: the owner guards it by a lock of its own, under which it also keeps whatever
 * is waited for.
 *
 * @param <T> what is kept of each; need not have an {@code equals}
 */
public final class WaitQueue<T> {
  /** Any will do: nobody who waits can choose a weight. Fixed, so that a failure repeats. */
  private static final long SEED = 1;

  private final SplittableRandom weights;
  private @Nullable Place<T> root;
  private int size;

  /** How many places were looked at so far: what the cost of an operation is measured by. */
  private long looks;

  public WaitQueue() {
    this(new SplittableRandom(SEED));
  }

  /**
   * @param like has the same owner: the two are guarded by the same lock, and share what is big
   */
  public WaitQueue(WaitQueue<?> like) {
    this(like.weights);
  }

  private WaitQueue(SplittableRandom weights) {
    this.weights = weights;
  }

  /**
   * Begins to wait.
   *
   * @param number the order of coming, given by the caller, so that a waiter who comes back keeps
   *     its place
   * @param excluded the names that it does not want; copied
   * @throws IllegalArgumentException when one of that priority and number waits already
   */
  public Place<T> add(int priority, long number, Set<String> excluded, T value) {
    var place = new Place<>(priority, number, Set.copyOf(excluded), value, weights.nextLong());
    root = insert(root, place);
    place.queue = this;
    size++;
    return place;
  }

  /** Leaves the queue; nothing happens when the place is not in it any more. */
  public void remove(Place<T> place) {
    if (root == null || place.queue != this) {
      return;
    }
    root = remove(root, place);
    place.left = null;
    place.right = null;
    place.queue = null;
    size--;
  }

  /** The first that does not exclude {@code name}; it stays. */
  public Optional<Place<T>> first(String name) {
    var place = root;
    if (place == null || place.excludedByAll.contains(name)) {
      return Optional.empty();
    }
    // Somebody in the subtree of place wants the name.
    while (true) {
      looks++;
      if (place.left != null && !place.left.excludedByAll.contains(name)) {
        place = place.left;
      } else if (place.right == null || !place.excluded.contains(name)) {
        return Optional.of(place);
      } else {
        place = place.right;
      }
    }
  }

  /** The first of all; it stays. */
  public Optional<Place<T>> first() {
    var place = root;
    while (place != null && place.left != null) {
      looks++;
      place = place.left;
    }
    return Optional.ofNullable(place);
  }

  public boolean isEmpty() {
    return root == null;
  }

  public int size() {
    return size;
  }

  long looks() {
    return looks;
  }

  /** The subtree with {@code place} in it. */
  private Place<T> insert(@Nullable Place<T> tree, Place<T> place) {
    looks++;
    if (tree == null) {
      return place;
    }
    if (place.isAt(tree)) {
      throw new IllegalArgumentException(
          "number " + place.number + " waits already with priority " + place.priority);
    }
    if (place.isBefore(tree)) {
      var left = insert(tree.left, place);
      if (left.weight <= tree.weight) {
        return tree.with(left, tree.right);
      }
      return left.with(left.left, tree.with(left.right, tree.right));
    }
    var right = insert(tree.right, place);
    if (right.weight <= tree.weight) {
      return tree.with(tree.left, right);
    }
    return right.with(tree.with(tree.left, right.left), right.right);
  }

  /** The subtree without {@code place}, which is in it. */
  private @Nullable Place<T> remove(Place<T> tree, Place<T> place) {
    looks++;
    if (tree == place) {
      return join(tree.left, tree.right);
    }
    if (place.isBefore(tree)) {
      return tree.with(tree.left == null ? null : remove(tree.left, place), tree.right);
    }
    return tree.with(tree.left, tree.right == null ? null : remove(tree.right, place));
  }

  /** One tree of two; all of {@code before} come before all of {@code after}. */
  private @Nullable Place<T> join(@Nullable Place<T> before, @Nullable Place<T> after) {
    looks++;
    if (before == null) {
      return after;
    }
    if (after == null) {
      return before;
    }
    return before.weight >= after.weight
        ? before.with(before.left, join(before.right, after))
        : after.with(join(before, after.left), after.right);
  }

  /** A place in the queue, and the root of a subtree; itself its own identity. */
  public static final class Place<T> {
    private final int priority;
    private final long number;
    private final Set<String> excluded;
    private final T value;
    private final long weight;
    private @Nullable Place<T> left;
    private @Nullable Place<T> right;

    /** The one that it waits in. */
    private @Nullable WaitQueue<T> queue;

    /** The names that nobody in the subtree wants. */
    private Set<String> excludedByAll;

    private Place(int priority, long number, Set<String> excluded, T value, long weight) {
      this.priority = priority;
      this.number = number;
      this.excluded = excluded;
      this.value = value;
      this.weight = weight;
      this.excludedByAll = excluded;
    }

    public int priority() {
      return priority;
    }

    public long number() {
      return number;
    }

    /** The names that it does not want; immutable. */
    public Set<String> excluded() {
      return excluded;
    }

    public T value() {
      return value;
    }

    private boolean isAt(Place<T> other) {
      return priority == other.priority && number == other.number;
    }

    private boolean isBefore(Place<T> other) {
      return priority == other.priority ? number < other.number : priority < other.priority;
    }

    /**
     * Writes nothing that stays as it was: a collector looks again at each old object that has been
     * written to.
     */
    private Place<T> with(@Nullable Place<T> newLeft, @Nullable Place<T> newRight) {
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
    private static Set<String> common(Set<String> a, Set<String> b) {
      var smaller = a.size() <= b.size() ? a : b;
      var larger = smaller == a ? b : a;
      if (larger.containsAll(smaller)) {
        return smaller;
      }
      if (smaller.size() == 1) {
        return Set.of();
      }
      return smaller.stream().filter(larger::contains).collect(Collectors.toUnmodifiableSet());
    }
  }
}
