package com.joyoi.management.bootstrap;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.joyoi.management.node.NodePool;
import com.joyoi.management.persistence.Persistence;

/**
 * Whether runs may begin: not while others may take the service for dead, nor while what runs have
 * done can't be recorded, which would pile up. Thread-safe.
 */
final class NewRuns {
  private final NodePool nodes;
  private final Persistence database;

  @GuardedBy("this")
  private boolean stale;

  NewRuns(NodePool nodes, Persistence database) {
    this.nodes = nodes;
    this.database = database;
    database.onChange(this::look);
  }

  /** Whether heartbeats have not gone through for too long. */
  synchronized void stale(boolean isStale) {
    stale = isStale;
    look();
  }

  /** The last call has seen what is true now: calls come from several threads. */
  private synchronized void look() {
    nodes.hold(stale || database.isTroubled());
  }
}
