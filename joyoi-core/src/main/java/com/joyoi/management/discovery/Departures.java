package com.joyoi.management.discovery;

import com.joyoi.management.container.ContainerReaper;
import com.joyoi.management.container.LeftBehind;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.node.NodeConnection;
import com.joyoi.management.node.NodePool;
import com.joyoi.management.node.NodePool.Leaving;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets nodes go that leave: when nothing runs there any more, and their containers are gone. Looks
 * follow one another.
 */
public final class Departures {
  private static final Logger LOG = LoggerFactory.getLogger(Departures.class);

  /** A node that does not answer for so long may be gone for good; its containers are noted. */
  static final Duration PATIENCE = Duration.ofMinutes(10);

  private final NodePool pool;
  private final ContainerReaper reaper;
  private final LeftBehind left;
  private final InstantSource clock;
  private Set<NodeConnection> idle = Set.of();

  public Departures(NodePool pool, ContainerReaper reaper, LeftBehind left, InstantSource clock) {
    this.pool = pool;
    this.reaper = reaper;
    this.left = left;
    this.clock = clock;
  }

  /** Lets those go that may; blocks for as long as their engines take. */
  public void look() {
    var leaving = pool.leaving();
    for (var node : leaving) {
      if (isOverdue(node)) {
        LOG.warn(
            "node {} has not answered while it left: what is there of ours is removed when it can"
                + " be reached again",
            node.node().name());
        reaper.giveUp(node.node());
        pool.letGo(node.node());
      } else if (mayGo(node)) {
        reaper.letGo(node.node());
        pool.letGo(node.node());
      }
    }
    // What was about to be removed when it came to rest has been handed over by the next look.
    idle = leaving.stream().filter(Leaving::idle).map(Leaving::node).collect(Collectors.toSet());
  }

  /** One whose machine is expected back is waited for: what runs there counts until then. */
  private boolean isOverdue(Leaving node) {
    return !node.up() && !node.replaced() && node.heard().plus(PATIENCE).isBefore(clock.instant());
  }

  private boolean mayGo(Leaving node) {
    if (!node.idle()
        || !idle.contains(node.node())
        || !reaper.isDoneWith(node.node(), !node.replaced())) {
      return false;
    }
    if (node.replaced()) {
      // What is there is the other one's from now on.
      return true;
    }
    try {
      left.clear(node.node());
      return true;
    } catch (JoyoiException e) {
      LOG.debug("node {} can't be cleared yet: {}", node.node().name(), e.getMessage());
      return false;
    }
  }
}
