package com.joyoi.management.container;

import com.joyoi.management.node.NodeConnection;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Removes containers in the background, each until it is gone. Thread-safe. */
final class Removals {
  private static final Logger LOG = LoggerFactory.getLogger(Removals.class);

  /** More at once on one engine take no less time, and hold up what it does besides. */
  private static final int REMOVALS_AT_ONCE = 8;

  /** By the nodes' names. */
  private final Map<String, Semaphore> gates = new ConcurrentHashMap<>();

  /** First attempts that have not ended, with the names of their containers. */
  private final Map<CompletableFuture<Void>, String> underWay = new ConcurrentHashMap<>();

  /** Those of sandboxes that empty a disk first, which may take minutes. */
  private final Map<CompletableFuture<Void>, String> emptying = new ConcurrentHashMap<>();

  private final ContainerLedger ledger;
  private final OpenRemovals open;
  private final Retries retries;
  private final Executor threads;

  /**
   * @param threads runs each first attempt on a thread of its own
   */
  Removals(ContainerLedger ledger, OpenRemovals open, Retries retries, Executor threads) {
    this.ledger = ledger;
    this.open = open;
    this.retries = retries;
    this.threads = threads;
  }

  /** See {@link ContainerReaper#disposeInBackground(NodeConnection, String, boolean, Runnable)}. */
  void begin(NodeConnection node, String container, boolean onDisk, Runnable whenStopped) {
    begin(removal(node, container, onDisk, whenStopped), onDisk ? emptying : underWay);
  }

  /** See {@link ContainerReaper#removeEnded}. */
  void beginEnded(NodeConnection node, String container, Runnable farewell) {
    begin(new Removal(node, container, farewell, () -> {}), underWay);
  }

  private void begin(Removal removal, Map<CompletableFuture<Void>, String> all) {
    open.begins(removal.node());
    var future = CompletableFuture.runAsync(() -> attempt(removal, Retries.FIRST_DELAY), threads);
    all.put(future, removal.container());
    var unused = future.whenComplete((done, failure) -> all.remove(future));
  }

  /** See {@link ContainerReaper#disposeLater(NodeConnection, String, boolean, Runnable)}. */
  void beginLater(NodeConnection node, String container, boolean onDisk, Runnable whenStopped) {
    open.begins(node);
    open.doubt(node, container);
    attemptLater(removal(node, container, onDisk, whenStopped), Retries.FIRST_DELAY);
  }

  private static Removal removal(
      NodeConnection node, String container, boolean onDisk, Runnable whenStopped) {
    Runnable farewell = onDisk ? () -> Emptying.await(node, container) : () -> {};
    return new Removal(node, container, farewell, whenStopped);
  }

  private void attemptLater(Removal removal, Duration delay) {
    retries.later(delay, "remove " + removal.container(), it -> attempt(removal, Retries.next(it)));
  }

  private void attempt(Removal removal, Duration delayAfterFailure) {
    try {
      removal.sayFarewell();
      remove(removal.node(), removal.container());
    } catch (RuntimeException e) {
      // Whatever it is: a slot waits for this.
      failed(removal, delayAfterFailure, e);
      return;
    }
    removal.tellStop();
    open.ends(removal.node());
    forget(removal.container(), Retries.FIRST_DELAY);
  }

  private void remove(NodeConnection node, String container) {
    var gate = gates.computeIfAbsent(node.name(), unused -> new Semaphore(REMOVALS_AT_ONCE));
    gate.acquireUninterruptibly();
    try {
      node.engine().remove(container);
    } finally {
      gate.release();
    }
  }

  private void failed(Removal removal, Duration delay, RuntimeException failure) {
    var node = removal.node();
    var container = removal.container();
    if (open.isGone(node)) {
      LOG.warn(
          "Container {} is left on node {}, which is gone: {}",
          container,
          node.name(),
          failure.getMessage());
      open.giveUp(container);
      open.ends(node);
      return;
    }
    LOG.atLevel(
            !retries.isStopped() && delay.equals(Retries.FIRST_DELAY) ? Level.WARN : Level.DEBUG)
        .log(
            "Removing container {} from node {} failed, it is tried again: {}",
            container,
            node.name(),
            failure.getMessage());
    open.doubt(node, container);
    if (!removal.isStopTold() && hasStopped(node, container)) {
      removal.tellStop();
    }
    attemptLater(removal, delay);
  }

  private static boolean hasStopped(NodeConnection node, String container) {
    try {
      return node.engine().inspect(container).map(state -> !state.running()).orElse(true);
    } catch (RuntimeException e) {
      return false;
    }
  }

  /** A row that stays names a container that is gone: harmless, but it must not stay for ever. */
  private void forget(String container, Duration delay) {
    try {
      ledger.forget(container);
    } catch (RuntimeException e) {
      LOG.warn("Forgetting container {} failed, it is tried again: {}", container, e.getMessage());
      retries.later(Retries.next(delay), "forget " + container, it -> forget(container, it));
    }
  }

  /** Completed when the first attempts that are under way now have ended, but for emptying ones. */
  CompletableFuture<Void> underWay() {
    return allOf(underWay);
  }

  /** The same for those of sandboxes that empty a disk first. */
  CompletableFuture<Void> emptying() {
    return allOf(emptying);
  }

  private static CompletableFuture<Void> allOf(Map<CompletableFuture<Void>, String> removals) {
    return CompletableFuture.allOf(removals.keySet().toArray(CompletableFuture[]::new));
  }

  /** Names of sandboxes that are emptying a disk, for all that is known here. */
  Collection<String> namesOfEmptying() {
    return emptying.values();
  }
}
