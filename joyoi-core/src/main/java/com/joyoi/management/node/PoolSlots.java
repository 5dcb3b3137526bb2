package com.joyoi.management.node;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The slots of a pool's nodes, for those who share them out. Thread-safe by the pool's lock. */
final class PoolSlots implements SharedNodes {
  private final NodePoolImpl pool;

  PoolSlots(NodePoolImpl pool) {
    this.pool = pool;
  }

  @Override
  public List<Demand> demands() {
    return pool.read(
        placement -> {
          var waiting = placement.waiting();
          return pool.states().stream().map(node -> demand(node, waiting)).toList();
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
    pool.change(demand.node(), state -> state.slots.allow(demand.generation(), slots, why));
  }

  @Override
  public void revoke() {
    pool.states().forEach(node -> pool.change(node.connection, state -> state.slots.revoke()));
  }
}
