package com.joyoi.management.bootstrap;

import com.joyoi.management.container.LeftContainers;
import com.joyoi.management.container.SessionIdentity;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.instance.ServiceRegistry.Sign;
import com.joyoi.management.node.NodeConnection;
import com.joyoi.management.node.NodePool;
import com.joyoi.management.persistence.Persistence;
import com.joyoi.management.recovery.TakeOver;
import com.joyoi.management.slot.SharedSlots;
import com.joyoi.management.slot.SlotLedger.Owner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes the containers of services that are silent from the nodes that are shared with them. */
final class LeftSessions {
  private static final Logger log = LoggerFactory.getLogger(LeftSessions.class);

  private final Persistence database;
  private final String installation;
  private final NodePool nodes;
  private final TakeOver takeOver;

  LeftSessions(Persistence database, String installation, NodePool nodes, TakeOver takeOver) {
    this.database = database;
    this.installation = installation;
    this.nodes = nodes;
    this.takeOver = takeOver;
  }

  /**
   * What sessions left, node by node.
   *
   * @param isRemoved whether what others left is removed
   */
  record OnNodes(Persistence database, String installation, boolean isRemoved)
      implements SharedSlots.Remains {
    @Override
    public int count(NodeConnection node, Owner owner) {
      return LeftContainers.count(node, identity(owner));
    }

    @Override
    public void remove(NodeConnection node, Owner owner) {
      if (isRemoved) {
        new LeftContainers(
                identity(owner),
                database.containerLedger(owner.service()),
                () -> !database.serviceRegistry().isHeld(owner.service(), owner.session()))
            .removeFrom(node);
      }
    }

    private SessionIdentity identity(Owner owner) {
      return new SessionIdentity(installation, owner.service(), owner.session());
    }
  }

  /** Removes what is there now; blocks. */
  void sweep() {
    takeOver.silent().forEach(this::sweep);
  }

  private void sweep(Sign sign) {
    var left =
        new LeftContainers(
            new SessionIdentity(installation, sign.service(), sign.session()),
            database.containerLedger(sign.service()),
            () -> database.serviceRegistry().isAbandoned(sign));
    nodes.allConnections().forEach(node -> sweep(left, node));
  }

  private static void sweep(LeftContainers left, NodeConnection node) {
    try {
      left.removeFrom(node);
    } catch (JoyoiException e) {
      log.debug("Node {} could not be swept: {}", node.name(), e.getMessage());
    }
  }
}
