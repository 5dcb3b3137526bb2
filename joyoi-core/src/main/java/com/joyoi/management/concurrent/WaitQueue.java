package com.joyoi.management.concurrent;

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
 * and leave first, and so touch two blocks and the few above them, which stay in the processor's
 * cache however many wait between.
 *
 * <p>Not thread-safe: the owner guards it by a lock of its own, under which it also keeps whatever
 * is waited for.
 */
public final class WaitQueue<T extends WaitQueue.Entry> {
  /** Any will do: nobody who waits can choose a weight. Fixed, so that a failure repeats. */
  private static final long SEED = 1;

  private final SplittableRandom weights;
  private @Nullable WaitBlock<T> root;
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
    if (root == null) {
      root = new WaitBlock<>(weights.nextLong(), entry);
    } else {
      add(blockOf(root, entry), entry);
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
      root = insert(root, new WaitBlock<>(weights.nextLong(), entry));
    } else {
      var tree = insert(root, block.split(weights.nextLong()));
      root = tree;
      add(blockOf(tree, entry), entry);
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
    if (root == null) {
      return false;
    }
    var block = blockOf(root, entry);
    int at = block.placeOf(entry);
    if (at == block.size() || block.get(at) != entry) {
      return false;
    }
    if (block.size() == 1) {
      root = remove(root, block);
    } else {
      block.remove(at);
    }
    size--;
    return true;
  }

  /** The first that does not exclude {@code name}; it stays. */
  public Optional<T> first(String name) {
    while (root != null && !root.excludedByAll().contains(name)) {
      var block = blockFor(root, name);
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
    if (root == null) {
      return Optional.empty();
    }
    var block = root;
    while (block.left != null) {
      looks++;
      block = block.left;
    }
    return Optional.of(block.get(0));
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

  /** The block of the subtree that the entry is in, if it is in one, and would be added to. */
  private WaitBlock<T> blockOf(WaitBlock<T> tree, T entry) {
    WaitBlock<T> found = null;
    var last = tree;
    for (var block = tree; block != null; ) {
      looks++;
      last = block;
      if (WaitBlock.compare(entry, block.get(0)) < 0) {
        block = block.left;
      } else {
        found = block;
        block = block.right;
      }
    }
    // It comes before all, or behind the beginning of the one found.
    return found == null ? last : found;
  }

  /** The first block of the subtree that may hold somebody for the name; there is one. */
  private WaitBlock<T> blockFor(WaitBlock<T> tree, String name) {
    var block = tree;
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
