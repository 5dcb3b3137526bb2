package com.joyoi.management.container;

import com.joyoi.management.docker.ContainerSummary;
import com.joyoi.management.docker.ContainerSummary.State;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.node.NodeConnection;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what a session of another service left, that is silent: of that very session, so that the
 * containers of a later one under its name are safe. Thread-safe.
 */
public final class LeftContainers {
  private static final Logger log = LoggerFactory.getLogger(LeftContainers.class);

  private final SessionIdentity left;
  private final ContainerLedger ledger;
  private final BooleanSupplier isAbandoned;

  /**
   * @param left the silent session
   * @param ledger of its service
   * @param isAbandoned asks the database whether the session is still silent, and none of its
   *     instances is left to it: one that comes back after that has nothing to do with what was
   *     there before; blocks
   */
  public LeftContainers(SessionIdentity left, ContainerLedger ledger, BooleanSupplier isAbandoned) {
    this.left = left;
    this.ledger = ledger;
    this.isAbandoned = isAbandoned;
  }

  /**
   * How many containers of a session are on a node in which something may run, or may yet be
   * started; blocks.
   *
   * @throws com.joyoi.management.docker.DockerException when the node does not answer
   */
  public static int count(NodeConnection node, SessionIdentity session) {
    return (int)
        node.engine().list(Labels.ofWholeSession(session)).stream()
            .filter(it -> it.state() != State.ENDED)
            .count();
  }

  /**
   * Removes them from a node; kept ones are ended, and left to their own service. Blocks.
   *
   * @throws JoyoiException when the database does not answer
   * @throws com.joyoi.management.docker.DockerException when the node does not answer
   */
  public void removeFrom(NodeConnection node) {
    var containers = node.engine().list(Labels.ofWholeSession(left));
    if (containers.isEmpty() || !isAbandoned.getAsBoolean()) {
      return;
    }
    for (var container : containers) {
      if (container.labels().containsKey(Labels.KEPT) && container.state() != State.CREATED) {
        end(node, container);
        continue;
      }
      if (container.running() && container.labels().containsKey(Labels.DISK)) {
        // It empties its disk and ends by itself; removed now, it might leave a volume.
        continue;
      }
      remove(node, container.name());
    }
  }

  /** Nobody reads any more what it writes; what it has written stays. */
  private void end(NodeConnection node, ContainerSummary container) {
    if (container.state() == State.ENDED) {
      return;
    }
    try {
      node.engine().kill(container.id());
    } catch (JoyoiException e) {
      log.warn(
          "Ending container {} on node {} failed, it is tried again: {}",
          container.name(),
          node.name(),
          e.getMessage());
    }
  }

  private void remove(NodeConnection node, String container) {
    try {
      node.engine().remove(container);
      ledger.forget(container);
      log.info(
          "Removed container {} from node {}: service {} is silent",
          container,
          node.name(),
          left.service());
    } catch (JoyoiException e) {
      log.warn(
          "Removing container {} from node {} failed, it is tried again: {}",
          container,
          node.name(),
          e.getMessage());
    }
  }
}
