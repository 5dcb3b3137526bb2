package com.joyoi.management.bootstrap;

import com.joyoi.management.container.ContainerReaper;
import com.joyoi.management.container.LeftBehind;
import com.joyoi.management.node.NodePool;
import com.joyoi.management.persistence.Persistence;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has to be tidied up from time to time. Its tasks only start work on threads of their own.
 */
final class Housekeeping {
  private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);

  static final Duration PERIOD = Duration.ofHours(1);

  /**
   * Longer than any upload takes; what is older belongs to a process that died. Idempotency keys
   * are promised for as long.
   */
  private static final Duration ABANDONED_AFTER = Duration.ofDays(1);

  private final Persistence database;
  private final ContainerReaper reaper;
  private final LeftSessions sessions;
  private final LeftBehind left;
  private final NodePool nodes;
  private final BackgroundTask tidying;
  private volatile int leftContainers;
  private volatile CompletableFuture<Void> sweep = CompletableFuture.completedFuture(null);

  Housekeeping(
      Persistence database,
      ContainerReaper reaper,
      LeftSessions sessions,
      LeftBehind left,
      NodePool nodes) {
    this.database = database;
    this.reaper = reaper;
    this.sessions = sessions;
    this.left = left;
    this.nodes = nodes;
    this.tidying = new BackgroundTask("housekeeping", this::tidy);
  }

  /** Sweeps all nodes, unless the sweep before is still under way. */
  void sweepNodes() {
    if (sweep.isDone()) {
      sweep =
          reaper
              .sweepAll(nodes::allConnections)
              .thenRunAsync(this::lookAtLeft, task -> Thread.ofVirtual().name("sweep").start(task));
    }
  }

  private void lookAtLeft() {
    sessions.sweep();
    var containers = left.all(nodes::allConnections);
    if (containers.size() > leftContainers) {
      log.warn(
          "{} containers may exist on nodes that are gone, such as {}; they are removed when those"
              + " can be reached again",
          containers.size(),
          containers.getLast());
    }
    leftContainers = containers.size();
  }

  /** How many may exist on nodes that are gone, as of the last sweep. */
  int leftContainers() {
    return leftContainers;
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
