package com.joyoi.management.bootstrap;

import com.joyoi.management.container.ContainerReaper;
import com.joyoi.management.node.NodePool;
import com.joyoi.management.persistence.Persistence;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * What has to be tidied up from time to time. Its tasks only start work on threads of their own.
 */
final class Housekeeping {
  static final Duration PERIOD = Duration.ofHours(1);

  /**
   * Longer than any upload takes; what is older belongs to a process that died. Idempotency keys
   * are promised for as long.
   */
  private static final Duration ABANDONED_AFTER = Duration.ofDays(1);

  private final Persistence database;
  private final ContainerReaper reaper;
  private final LeftSessions left;
  private final NodePool nodes;
  private final BackgroundTask tidying;
  private volatile CompletableFuture<Void> sweep = CompletableFuture.completedFuture(null);

  Housekeeping(Persistence database, ContainerReaper reaper, LeftSessions left, NodePool nodes) {
    this.database = database;
    this.reaper = reaper;
    this.left = left;
    this.nodes = nodes;
    this.tidying = new BackgroundTask("housekeeping", this::tidy);
  }

  /** Sweeps all nodes, unless the sweep before is still under way. */
  void sweepNodes() {
    if (sweep.isDone()) {
      sweep =
          reaper
              .sweepAll(nodes.connections())
              .thenRunAsync(left::sweep, task -> Thread.ofVirtual().name("sweep").start(task));
    }
  }

  /** Drops what dead processes left half-written, and what nothing needs any more. */
  void tidyDatabase() {
    tidying.start();
  }

  private void tidy() {
    var before = database.ageClock().instant().minus(ABANDONED_AFTER);
    database.blobs().dropUnpublished(before);
    database.actors().dropUnpinned(before);
    database.idempotencyKeys().forgetOlderThan(before);
  }
}
