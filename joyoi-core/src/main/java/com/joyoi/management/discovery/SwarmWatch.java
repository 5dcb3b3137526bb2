package com.joyoi.management.discovery;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.joyoi.management.docker.DockerEngine;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.model.SwarmStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a manager of a swarm for its machines. A manager that does not answer changes nothing. Looks
 * follow one another; the status may be asked for on any thread.
 */
public final class SwarmWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SwarmWatch.class);

  /** How often it should look. */
  public static final Duration PERIOD = Duration.ofSeconds(5);

  private final NodeOptions manager;
  private final Function<NodeOptions, DockerEngine> connector;
  private final InstantSource clock;
  private final SwarmMachines machines;
  private volatile @Nullable DockerEngine engine;

  @GuardedBy("this")
  private @Nullable Instant lastSeen;

  @GuardedBy("this")
  private @Nullable String lastError;

  @GuardedBy("this")
  private boolean closed;

  /**
   * @param manager whom to ask, and what holds for each machine but name and address
   */
  public SwarmWatch(
      NodeOptions manager, Function<NodeOptions, DockerEngine> connector, InstantSource clock) {
    this.manager = manager;
    this.connector = connector;
    this.clock = clock;
    machines = new SwarmMachines(manager);
  }

  /** Has the directory follow the swarm. Blocks for as long as the manager takes. */
  public void look(FollowedNodes directory) {
    look(directory::swarmHas);
  }

  void look(Consumer<List<SwarmNode>> listener) {
    List<SwarmNode> nodes;
    try {
      nodes = machines.nodes(engine().swarm());
    } catch (JoyoiException e) {
      failed(String.valueOf(e.getMessage()));
      return;
    }
    answered();
    listener.accept(nodes);
  }

  private DockerEngine engine() {
    var known = engine;
    if (known == null) {
      // A socket is this machine's: TLS is for the others.
      var isLocal = manager.address().startsWith("unix:");
      known =
          connector.apply(
              isLocal
                  ? new NodeOptions(
                      manager.name(), manager.image(), manager.address(), null, manager.container())
                  : manager);
      engine = known;
    }
    return known;
  }

  private void failed(String error) {
    boolean isNew;
    synchronized (this) {
      isNew = !closed && !Objects.equals(error, lastError);
      lastError = error;
    }
    if (isNew) {
      LOG.warn(
          "The swarm at {} can't be looked at; its nodes stay as they are: {}",
          manager.address(),
          error);
    }
  }

  private void answered() {
    boolean isNew;
    synchronized (this) {
      isNew = lastSeen == null || lastError != null;
      lastSeen = clock.instant();
      lastError = null;
    }
    if (isNew) {
      LOG.info("The swarm at {} tells its nodes", manager.address());
    }
  }

  /**
   * How it stands.
   *
   * @param nodes how many of the pool's are the swarm's
   */
  public synchronized SwarmStatus status(int nodes) {
    return new SwarmStatus(manager.address(), nodes, lastSeen, lastError);
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    var known = engine;
    if (known != null) {
      known.close();
    }
  }
}
