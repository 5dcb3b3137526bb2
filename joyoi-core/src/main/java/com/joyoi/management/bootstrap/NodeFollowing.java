package com.joyoi.management.bootstrap;

import com.joyoi.management.concurrent.Timers;
import com.joyoi.management.container.ContainerReaper;
import com.joyoi.management.container.LeftBehind;
import com.joyoi.management.discovery.Departures;
import com.joyoi.management.discovery.FollowedNodes;
import com.joyoi.management.discovery.SwarmWatch;
import com.joyoi.management.docker.DockerEngine;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.NodeSource;
import com.joyoi.management.model.SwarmStatus;
import com.joyoi.management.node.NodeDirectory;
import com.joyoi.management.node.NodePool;
import com.joyoi.management.node.NodeRepository;
import com.joyoi.management.settings.NodeDefinitions;
import com.joyoi.management.settings.ServiceOptions;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the pool's nodes follow the database and a swarm, and lets those go that leave. */
final class NodeFollowing implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NodeFollowing.class);

  /** What one service was told, the others do within this time and what a statement takes. */
  static final Duration PERIOD = Duration.ofSeconds(2);

  private final NodePool pool;
  private final FollowedNodes nodes;
  private final @Nullable SwarmWatch swarm;
  private volatile boolean closed;

  NodeFollowing(ServiceOptions options, NodePool pool, NodeRepository repository, Clock clock) {
    this.pool = pool;
    var manager = options.discovery().swarm();
    swarm = manager == null ? null : new SwarmWatch(manager, DockerEngine::connect, clock);
    nodes =
        new FollowedNodes(
            pool,
            repository,
            new NodeDefinitions(options.discovery()),
            options.nodes(),
            this::status);
  }

  private Optional<SwarmStatus> status() {
    return Optional.ofNullable(swarm)
        .map(
            watch ->
                watch.status(
                    (int)
                        pool.status().stream()
                            .filter(node -> node.source() == NodeSource.SWARM && !node.leaving())
                            .count()));
  }

  NodeDirectory directory() {
    return nodes;
  }

  /**
   * Takes what the database has now, so that nothing runs on a cordoned node, and begins to follow.
   *
   * @throws JoyoiException when the database does not answer
   */
  void start(ContainerReaper reaper, LeftBehind left, Timers timers, Clock clock) {
    nodes.look();
    every(timers, PERIOD, "look for nodes", this::look);
    every(timers, PERIOD, "nodes that leave", new Departures(pool, reaper, left, clock)::look);
    var watch = swarm;
    if (watch != null) {
      var task = new BackgroundTask("look at the swarm", () -> watch.look(nodes));
      task.start();
      timers.every(SwarmWatch.PERIOD, "look at the swarm", task::start);
    }
  }

  private static void every(Timers timers, Duration period, String name, Runnable work) {
    timers.every(period, name, new BackgroundTask(name, work)::start);
  }

  private void look() {
    if (closed) {
      return;
    }
    try {
      nodes.look();
    } catch (JoyoiException e) {
      if (!closed && !e.isRetryable()) {
        throw e;
      }
      log.debug("The nodes stay as they are: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    closed = true;
    if (swarm != null) {
      swarm.close();
    }
  }
}
