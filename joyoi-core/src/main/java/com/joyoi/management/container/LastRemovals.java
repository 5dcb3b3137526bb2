package com.joyoi.management.container;

import com.joyoi.management.node.NodeConnection;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes once more what a session has made and not removed, when it ends. */
final class LastRemovals {
  private static final Logger LOG = LoggerFactory.getLogger(LastRemovals.class);

  /** A node that answers removes a container in well under a second. */
  private static final Duration CLOSING_GRACE = Duration.ofSeconds(10);

  private final SessionIdentity identity;
  private final ContainerLedger ledger;
  private final OpenRemovals open;
  private final Removals removals;
  private final Executor threads;

  /**
   * @param threads runs what blocks, each task on a thread of its own
   */
  LastRemovals(
      SessionIdentity identity,
      ContainerLedger ledger,
      OpenRemovals open,
      Removals removals,
      Executor threads) {
    this.identity = identity;
    this.ledger = ledger;
    this.open = open;
    this.removals = removals;
    this.threads = threads;
  }

  /** See {@link ContainerReaper#close}. */
  void close(Collection<NodeConnection> nodes) {
    var last =
        removals
            .underWay()
            .exceptionally(failure -> null)
            .thenRunAsync(() -> removeAllOf(nodes), threads)
            .thenCompose(done -> removals.emptying());
    try {
      last.get(CLOSING_GRACE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.info("Some containers are not gone yet; the next start of the service removes them");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void removeAllOf(Collection<NodeConnection> nodes) {
    var batch = new Batch(threads);
    nodes.forEach(node -> batch.begin(() -> removeAllOf(node)));
    batch.join();
  }

  private void removeAllOf(NodeConnection node) {
    var left = open.doubtfulOn(node);
    ledger.all().stream()
        .filter(row -> row.isOn(node))
        .filter(row -> row.session().equals(identity.session()) && !row.isKept())
        .forEach(row -> left.add(row.containerName()));
    if (left.isEmpty()) {
      return;
    }
    // Removed now they would leave their volumes; they end by themselves, and the next start of the
    // service removes them. Neither a row nor a doubt says which have a disk.
    node.engine().list(Labels.ofService(identity)).stream()
        .filter(container -> container.running() && Labels.isOnDisk(container))
        .forEach(container -> left.removeAll(container.names()));
    left.removeAll(removals.namesOfEmptying());
    var batch = new Batch(threads);
    left.forEach(name -> batch.begin(() -> remove(node, name)));
    batch.join();
  }

  private void remove(NodeConnection node, String container) {
    node.engine().remove(container);
    ledger.forget(container);
  }
}
