package com.joyoi.management.node;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The slots of a pool's nodes, for those who share them out. Thread-safe by the pool's lock. */
final class PoolSlots implements SharedNodes {
  private final PoolLock lock;

  PoolSlots(PoolLock lock) {
    this.lock = lock;
  }

  @Override
  public List<Demand> demands() {
    return lock.read(
        pool -> {
          var waiting = pool.placement.waiting();
          return pool.roster.all().stream().map(node -> demand(node, waiting)).toList();
        });
  }

  private static Demand demand(NodeState node, long waiting) {
    var most = node.options().maxRunningJobs();
    return new Demand(
        node.connection,
        availability(node),
        node.slots.generation(),
        node.slots.engineId(),
        most,
        node.leavingSince == null ? node.slots.allowed() : 0,
        node.used(),
        (int) Math.min(most, node.used() + (node.isOpen() ? waiting : 0)));
  }

  private static Availability availability(NodeState node) {
    if (node.leavingSince != null) {
      return Availability.LEAVING;
    }
    if (!node.health.isUp()) {
      return Availability.DOWN;
    }
    return node.isOpen() ? Availability.OPEN : Availability.CLOSED;
  }

  @Override
  public void allow(Demand demand, int slots, @Nullable String why) {
    change(demand.node(), state -> state.slots.allow(demand.generation(), slots, why));
  }

  @Override
  public void revoke() {
    states().forEach(node -> change(node.connection, state -> state.slots.revoke()));
  }

  /** Changes what a node has, and fills the room that comes of it. */
  private void change(NodeConnection node, Consumer<NodeState> change) {
    for (var state : states()) {
      if (state.connection.equals(node)) {
        lock.whileOpen(pool -> pool.placement.changed(state, () -> change.accept(state)));
      }
    }
  }

  private List<NodeState> states() {
    return lock.read(pool -> pool.roster.all());
  }
}
