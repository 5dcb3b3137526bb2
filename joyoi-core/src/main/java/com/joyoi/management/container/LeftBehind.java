package com.joyoi.management.container;

import com.joyoi.management.model.LeftContainer;
import com.joyoi.management.node.NodeConnection;
import java.util.HashMap;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a service has on nodes that leave, or that are gone. What it has on those the {@link
 * ContainerReaper} removes wherever it finds it. Thread-safe; every call blocks.
 */
public final class LeftBehind {
  private static final Logger LOG = LoggerFactory.getLogger(LeftBehind.class);

  private final SessionIdentity identity;
  private final BooleanSupplier isOwner;
  private final ContainerLedger ledger;

  /**
   * @param isOwner asks the database whether the session still has its service's name; blocks
   */
  public LeftBehind(SessionIdentity identity, BooleanSupplier isOwner, ContainerLedger ledger) {
    this.identity = identity;
    this.isOwner = isOwner;
    this.ledger = ledger;
  }

  /** Whether its node is there no more. */
  static boolean isLeft(ContainerLedger.Entry row, List<NodeConnection> nodes) {
    return nodes.stream().noneMatch(row::isOn);
  }

  /**
   * The containers that may exist on nodes that there are no more.
   *
   * @param nodes all that there are
   */
  public List<LeftContainer> all(Supplier<List<NodeConnection>> nodes) {
    var rows = ledger.all();
    var known = nodes.get();
    return rows.stream()
        .filter(row -> isLeft(row, known))
        .map(row -> new LeftContainer(row.containerName(), row.node(), row.address()))
        .toList();
  }

  /**
   * Forgets one whose node will never come back.
   *
   * @param nodes all that there are
   * @return whether there is a left one of that name
   */
  public boolean forget(String container, Supplier<List<NodeConnection>> nodes) {
    var isLeft = all(nodes).stream().anyMatch(one -> one.name().equals(container));
    if (isLeft) {
      ledger.forget(container);
    }
    return isLeft;
  }

  /**
   * Removes all that this service has on a node, kept ones included, and takes the rows away; for a
   * node that leaves and that nothing runs on. What is another node's, on the same engine, stays.
   * Takes minutes where disks are emptied.
   *
   * @throws com.joyoi.management.docker.DockerException when the node does not answer
   */
  public void clear(NodeConnection node) {
    var containers = node.engine().list(Labels.ofService(identity));
    var rows = new HashMap<String, ContainerLedger.Entry>();
    ledger.all().forEach(row -> rows.put(row.containerName(), row));
    if (!isOwner.getAsBoolean()) {
      return;
    }
    for (var container : containers) {
      var name = container.name();
      var row = rows.remove(name);
      if (row == null || row.isOn(node)) {
        if (container.labels().containsKey(Labels.DISK)) {
          Emptying.await(node, name);
        }
        remove(node, name);
      }
    }
    rows.values().stream()
        .filter(row -> row.isOn(node))
        .forEach(row -> remove(node, row.containerName()));
  }

  private void remove(NodeConnection node, String container) {
    node.engine().remove(container);
    ledger.forget(container);
    LOG.info("Removed container {} from node {}, which leaves", container, node.name());
  }
}
