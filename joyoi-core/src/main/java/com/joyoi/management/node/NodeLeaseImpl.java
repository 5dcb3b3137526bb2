package com.joyoi.management.node;

/** A lease; its node keeps whether it is still held. Thread-safe. */
final class NodeLeaseImpl implements NodeLease {
  private final NodePoolImpl pool;
  private final NodeState state;
  private final String description;

  NodeLeaseImpl(NodePoolImpl pool, NodeState state, String description) {
    this.pool = pool;
    this.state = state;
    this.description = description;
  }

  String description() {
    return description;
  }

  @Override
  public NodeConnection node() {
    return state.connection;
  }

  @Override
  public void reportFault(String what, boolean timedOut) {
    pool.jobFailed(state, description + ": " + what, timedOut);
  }

  @Override
  public void release() {
    pool.release(state, this);
  }
}
