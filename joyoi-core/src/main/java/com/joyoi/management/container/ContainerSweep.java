package com.joyoi.management.container;

import com.joyoi.management.docker.ContainerSummary;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.node.NodeConnection;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes from nodes what no run that lives owns, and nobody keeps any more. Thread-safe.
 *
 * <p>For sessions that live it goes by the ledger's rows, for dead ones by labels, never by a part
 * of a name; another installation's or another service's containers are not even listed.
 */
final class ContainerSweep {
  private static final Logger LOG = LoggerFactory.getLogger(ContainerSweep.class);

  /** Kept containers hold their disk space; three are enough to compare. */
  private static final int MAX_KEPT_PER_NODE = 3;

  private final SessionIdentity identity;
  private final BooleanSupplier isOwner;
  private final ContainerLedger ledger;
  private final OpenRemovals open;
  private final InstantSource clock;
  private final Executor threads;

  /**
   * @param isOwner asks the database whether the session still has its service's name; blocks
   * @param threads runs what blocks, each task on a thread of its own
   */
  ContainerSweep(
      SessionIdentity identity,
      BooleanSupplier isOwner,
      ContainerLedger ledger,
      OpenRemovals open,
      InstantSource clock,
      Executor threads) {
    this.identity = identity;
    this.isOwner = isOwner;
    this.ledger = ledger;
    this.open = open;
    this.clock = clock;
    this.threads = threads;
  }

  /** See {@link ContainerReaper#sweepAll}. */
  CompletableFuture<Void> sweepAll(Supplier<List<NodeConnection>> nodes) {
    return CompletableFuture.allOf(
        nodes.get().stream()
            .map(node -> CompletableFuture.runAsync(() -> sweepOrLog(node, nodes), threads))
            .toArray(CompletableFuture<?>[]::new));
  }

  private void sweepOrLog(NodeConnection node, Supplier<List<NodeConnection>> nodes) {
    try {
      sweep(node, nodes);
    } catch (JoyoiException e) {
      LOG.warn("Sweeping node {} failed, it is tried again later: {}", node.name(), e.getMessage());
    }
  }

  /** See {@link ContainerReaper#sweep}. */
  void sweep(NodeConnection node, Supplier<List<NodeConnection>> nodes) {
    var began = clock.instant();
    // Containers first: one that is listed has a row from before, unless its run has ended.
    var containers = node.engine().list(Labels.ofService(identity));
    var rows = new HashMap<String, ContainerLedger.Entry>();
    ledger.all().forEach(row -> rows.put(row.containerName(), row));
    // After the rows: whoever wrote one of a node that came just now had it from there.
    var known = nodes.get();
    if (!isOwner.getAsBoolean()) {
      // Some of what was listed may be the name's new owner's.
      return;
    }
    var now = clock.instant();
    var removals = new Batch(threads);
    for (var container : containers) {
      var name = container.name();
      var row = rows.remove(name);
      if (isMine(container)) {
        if (row == null
            || row.isOver(now)
            || LeftBehind.isLeft(row, known)
            || open.isGivenUp(name)) {
          removals.begin(() -> remove(node, name));
        }
      } else if (row != null
          && row.isKept()
          && row.keepUntil().isAfter(now)
          && container.state() != ContainerSummary.State.CREATED) {
        stopKept(node, container);
      } else if (Labels.isOnDisk(container)) {
        // Its service is dead, and so it ends by itself, if it has not.
        removals.begin(() -> removeEmptied(node, name));
      } else {
        removals.begin(() -> remove(node, name));
      }
    }
    // What is left has no container, or one that is being created by a run that lives.
    rows.values().stream()
        .filter(row -> row.isOn(node))
        .filter(
            row ->
                !row.session().equals(identity.session())
                    || row.isOver(now)
                    || open.isGivenUp(row.containerName()))
        .forEach(row -> removals.begin(() -> remove(node, row.containerName())));
    removals.join();
    open.swept(node, began);
  }

  private boolean isMine(ContainerSummary container) {
    return identity.session().equals(container.labels().get(Labels.SESSION));
  }

  private static void stopKept(NodeConnection node, ContainerSummary container) {
    if (container.running()) {
      node.engine().kill(container.id());
    }
  }

  private void removeEmptied(NodeConnection node, String name) {
    Emptying.await(node, name);
    remove(node, name);
  }

  private void remove(NodeConnection node, String name) {
    node.engine().remove(name);
    ledger.forget(name);
    open.removed(name);
    LOG.info("Removed container {} from node {}: nobody owned it", name, node.name());
  }

  /** See {@link ContainerReaper#keep}. */
  void keep(NodeConnection node, String container) {
    node.engine().kill(container);
    node.engine().list(Labels.ofService(identity)).stream()
        .filter(one -> one.labels().containsKey(Labels.KEPT))
        // One that runs belongs to a run under way.
        .filter(one -> !one.running())
        .sorted(Comparator.comparing(ContainerSummary::created).reversed())
        .skip(MAX_KEPT_PER_NODE)
        .forEach(one -> remove(node, one.name()));
  }
}
