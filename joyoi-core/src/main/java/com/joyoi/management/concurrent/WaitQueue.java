package com.joyoi.management.concurrent;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for one of several named things, each with names that it does not want, in the
 * order of their priority (lower first) and, within one, of their number.
 *
 * <p>Whatever they exclude, adding, leaving and finding the first look at O(log n) of them; finding
 * does so on average, for it takes note of who has left. Those who came one after the other stand
 * in one block. The blocks are a treap: a search tree whose nodes have random weights, each
 * weighing more than those below it, which keeps it balanced. Each block knows which names all of
 * its subtree exclude, so that a search passes by subtrees that hold nobody for it. Most come last
 * and leave first, and so touch the two blocks at the ends, however many wait between.
 *
 * <p>Not thread-safe: the owner guards it by a lock of its own, under which it also keeps whatever
 * is waited for.
 */
public final class WaitQueue<T extends WaitQueue.Entry> {
  /** Any will do: nobody who waits can choose a weight. Fixed, so that a failure repeats. */
  private static final long SEED = 1;

  private final SplittableRandom weights;
  private @Nullable WaitBlock<T> root;

  /** The ends, where most come and leave; null when nobody waits. */
  private @Nullable WaitBlock<T> first;

  private @Nullable WaitBlock<T> last;

  private int size;

  /** How many were looked at so far: what the cost of an operation is measured by. */
  private long looks;

  /** Somebody who waits. Nothing of this may change while it does; no two may be at one place. */
  public interface Entry {
    int priority();

    /** The order of coming; whoever comes back with its number has its place again. */
    long number();

    /** The names that it does not want. */
    Set<String> excluded();
  }

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
   * @throws IllegalArgumentException when one of that priority and number waits already
   */
  public void add(T entry) {
    var block = blockOf(entry);
    if (block == null) {
      grow(new WaitBlock<>(weights.nextLong(), entry));
    } else {
      add(block, entry);
    }
    size++;
  }

  private void add(WaitBlock<T> block, T entry) {
    int at = block.placeOf(entry);
    if (at < block.size() && WaitBlock.compare(block.get(at), entry) == 0) {
      throw new IllegalArgumentException(
          "number " + entry.number() + " waits already with priority " + entry.priority());
    }
    if (!block.isFull()) {
      insert(block, at, entry);
    } else if (at == block.size()) {
      grow(new WaitBlock<>(weights.nextLong(), entry));
    } else {
      var rest = block.split(weights.nextLong());
      grow(rest);
      int half = block.size();
      insert(at <= half ? block : rest, at <= half ? at : at - half, entry);
    }
  }

  private void insert(WaitBlock<T> block, int at, T entry) {
    if (block.insert(at, entry)) {
      refresh(root, block);
    }
  }

  /**
   * Leaves the queue.
   *
   * @return whether it was in it
   */
  public boolean remove(T entry) {
    var block = blockOf(entry);
    int at = block == null ? 0 : block.placeOf(entry);
    if (block == null || at == block.size() || block.get(at) != entry) {
      return false;
    }
    if (block.size() == 1) {
      root = remove(root, block);
      findEnds();
    } else {
      block.remove(at);
    }
    size--;
    return true;
  }

  /** The first that does not exclude {@code name}; it stays. */
  public Optional<T> first(String name) {
    for (var block = blockFor(name); block != null; block = blockFor(name)) {
      for (int i = 0; i < block.size(); i++) {
        looks++;
        if (!block.get(i).excluded().contains(name)) {
          return Optional.of(block.get(i));
        }
      }
      // Whoever wanted it has left the block.
      block.recount();
      refresh(root, block);
    }
    return Optional.empty();
  }

  /** The first of all; it stays. */
  public Optional<T> first() {
    return first == null ? Optional.empty() : Optional.of(first.get(0));
  }

  /** All, in order. */
  public List<T> all() {
    var all = new ArrayList<T>(size);
    collect(root, all);
    return all;
  }

  private static <T extends Entry> void collect(@Nullable WaitBlock<T> tree, List<T> all) {
    if (tree != null) {
      collect(tree.left, all);
      tree.addTo(all);
      collect(tree.right, all);
    }
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

  /** The block that the entry is in, if it is in one, and would be added to; null for none. */
  private @Nullable WaitBlock<T> blockOf(T entry) {
    looks++;
    if (last == null || WaitBlock.compare(entry, last.get(0)) >= 0) {
      return last;
    }
    var found = first;
    for (var block = root; block != null; ) {
      if (found != null && WaitBlock.compare(entry, found.get(found.size() - 1)) <= 0) {
        return found;
      }
      looks++;
      if (WaitBlock.compare(entry, block.get(0)) < 0) {
        block = block.left;
      } else {
        found = block;
        block = block.right;
      }
    }
    return found;
  }

  /** The first block that may hold somebody for the name; null for none. */
  private @Nullable WaitBlock<T> blockFor(String name) {
    looks++;
    if (first == null || !first.excluded().contains(name)) {
      return first;
    }
    var block = root;
    if (block == null || block.excludedByAll().contains(name)) {
      return null;
    }
    // Somebody in the subtree of block wants the name.
    while (true) {
      looks++;
      if (block.left != null && !block.left.excludedByAll().contains(name)) {
        block = block.left;
      } else if (block.right == null || !block.excluded().contains(name)) {
        return block;
      } else {
        block = block.right;
      }
    }
  }

  private void grow(WaitBlock<T> block) {
    root = insert(root, block);
    findEnds();
  }

  private void findEnds() {
    first = root;
    while (first != null && first.left != null) {
      looks++;
      first = first.left;
    }
    last = root;
    while (last != null && last.right != null) {
      looks++;
      last = last.right;
    }
  }

  /** Lets those above a block know that its exclusions have changed. */
  private void refresh(@Nullable WaitBlock<T> tree, WaitBlock<T> block) {
    if (tree != null) {
      looks++;
      if (tree != block) {
        refresh(block.isAfter(tree) ? tree.right : tree.left, block);
      }
      tree.with(tree.left, tree.right);
    }
  }

  /** The subtree with {@code block} in it. */
  private WaitBlock<T> insert(@Nullable WaitBlock<T> tree, WaitBlock<T> block) {
    looks++;
    if (tree == null) {
      return block;
    }
    if (block.isAfter(tree)) {
      var right = insert(tree.right, block);
      return right.weight <= tree.weight
          ? tree.with(tree.left, right)
          : right.with(tree.with(tree.left, right.left), right.right);
    }
    var left = insert(tree.left, block);
    return left.weight <= tree.weight
        ? tree.with(left, tree.right)
        : left.with(left.left, tree.with(left.right, tree.right));
  }

  /** The subtree without {@code block}, which is in it. */
  private @Nullable WaitBlock<T> remove(@Nullable WaitBlock<T> tree, WaitBlock<T> block) {
    looks++;
    if (tree == null || tree == block) {
      return join(block.left, block.right);
    }
    return block.isAfter(tree)
        ? tree.with(tree.left, remove(tree.right, block))
        : tree.with(remove(tree.left, block), tree.right);
  }

  /** One tree of two; all of {@code before} come before all of {@code after}. */
  private @Nullable WaitBlock<T> join(@Nullable WaitBlock<T> before, @Nullable WaitBlock<T> after) {
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
}
