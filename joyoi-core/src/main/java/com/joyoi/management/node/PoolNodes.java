package com.joyoi.management.node;

import com.joyoi.management.docker.DockerEngine;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.model.NodeSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nodes of a pool as they come, are cordoned, leave and go, with their connections and their
 * pingers. Thread-safe; called without the pool's lock.
 */
final class PoolNodes implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PoolNodes.class);

  private final PoolLock lock;
  private final Pingers pingers;
  private final FailureReports failures;
  private final SlotSharing sharing;
  private final Function<NodeOptions, DockerEngine> connector;

  /** Those that may get work, and those that leave; written under the lock. */
  private volatile List<NodeConnection> connections = List.of();

  private volatile List<NodeConnection> allConnections = List.of();

  /**
   * @param connector makes a node's engine without talking to it
   */
  PoolNodes(
      PoolLock lock,
      Pingers pingers,
      FailureReports failures,
      SlotSharing sharing,
      Function<NodeOptions, DockerEngine> connector) {
    this.lock = lock;
    this.pingers = pingers;
    this.failures = failures;
    this.sharing = sharing;
    this.connector = connector;
  }

  /** The nodes that the pool has from the beginning; they are pinged from {@link #start} on. */
  void begin(List<NodeConnection> nodes) {
    lock.whileOpen(
        pool -> {
          nodes.forEach(node -> pool.come(member(node, NodeSource.CONFIGURATION)));
          rosterChanged(pool);
        });
  }

  /** Sends the first pings. */
  void start() {
    pingers.startAll();
  }

  /** A node with its pinger, which is to be started. */
  private NodeState member(NodeConnection connection, NodeSource source) {
    var state = new NodeState(connection, source, sharing.isShared());
    pingers.add(state, new PingReport(state, lock, failures, sharing));
    return state;
  }

  private void rosterChanged(PoolState pool) {
    pool.placement.nodesAre(pool.roster.present());
    connections = pool.roster.present().stream().map(node -> node.connection).toList();
    allConnections = pool.roster.all().stream().map(node -> node.connection).toList();
  }

  /** See {@link NodePool#connections}. */
  List<NodeConnection> connections() {
    return connections;
  }

  /** See {@link NodePool#allConnections}. */
  List<NodeConnection> allConnections() {
    return allConnections;
  }

  /** See {@link NodePool#cordon}. */
  void cordon(String node, boolean cordoned) {
    var known =
        lock.change(
            pool -> {
              var state = pool.roster.get(node);
              if (state != null && !pool.isClosed()) {
                pool.cordon(state, cordoned);
              }
              return Set.copyOf(pool.roster.names());
            });
    if (!known.contains(node)) {
      throw JoyoiException.notFound(
          "there is no node '%s'; the nodes are %s".formatted(node, new TreeSet<>(known)));
    }
    LOG.info("node {} is {}", node, cordoned ? "cordoned: it gets no new work" : "uncordoned");
  }

  /** See {@link NodePool#put(NodeOptions, NodeSource, boolean, String)}. */
  void put(NodeOptions node, NodeSource source, boolean cordoned, @Nullable String unusable) {
    NodePools.check(node);
    if (!lock.change(pool -> isThere(pool, node, source, cordoned, unusable))) {
      var connected =
          unusable == null ? Connected.to(node, connector) : Connected.not(node, unusable);
      add(connected, source, cordoned);
    }
  }

  /** Whether it is there as it shall be; then it is cordoned, or not, from now on. */
  private static boolean isThere(
      PoolState pool,
      NodeOptions node,
      NodeSource source,
      boolean cordoned,
      @Nullable String unusable) {
    if (pool.isClosed()) {
      return true;
    }
    var known = pool.roster.get(node.name());
    if (known == null || !known.is(node, source)) {
      return false;
    }
    if (known.cordoned != cordoned) {
      pool.cordon(known, cordoned);
    }
    return Objects.equals(known.unusable, unusable);
  }

  /**
   * A node that has come, or leaves.
   *
   * @param present the names of those that there are now
   * @param hopeless those who exclude all of them
   */
  private record Move(NodeState node, Set<String> present, List<Waiter> hopeless) {
    static Move of(NodeState node, PoolState pool) {
      var present = Set.copyOf(pool.roster.names());
      // Where there is none at all, one may come.
      return new Move(
          node, present, present.isEmpty() ? List.of() : pool.placement.takeAllWithout(present));
    }

    void failHopeless() {
      hopeless.forEach(
          waiter ->
              waiter.completeExceptionally(new NoNodeLeftException(waiter.description, present)));
    }
  }

  private void add(Connected node, NodeSource source, boolean cordoned) {
    var connection = node.connection();
    lock.change(
            pool -> come(pool, node, source, cordoned), move -> move.ifPresent(Move::failHopeless))
        .ifPresentOrElse(
            move -> {
              LOG.info("node {} at {} has come", connection.name(), connection.options().address());
              pingers.start(move.node());
            },
            () -> close(connection));
  }

  /** Empty when it is not to come. */
  private Optional<Move> come(PoolState pool, Connected node, NodeSource source, boolean cordoned) {
    var known = pool.roster.get(node.connection().name());
    if (pool.isClosed() || (known != null && known.isAsUnusable(node, source))) {
      return Optional.empty();
    }
    var state = member(node.connection(), source);
    state.unusable = node.unusable();
    state.cordoned = cordoned;
    pool.come(state);
    rosterChanged(pool);
    return Optional.of(Move.of(state, pool));
  }

  /** See {@link NodePool#remove}. */
  void remove(String node) {
    lock.change(
        pool -> leave(pool, node),
        move -> {
          if (move.isPresent()) {
            LOG.info("node {} leaves: it gets no new work", node);
            move.get().failHopeless();
          }
        });
  }

  /** Empty when there is none of that name. */
  private Optional<Move> leave(PoolState pool, String node) {
    var state = pool.isClosed() ? Optional.<NodeState>empty() : pool.remove(node);
    state.ifPresent(unused -> rosterChanged(pool));
    return state.map(it -> Move.of(it, pool));
  }

  /** See {@link NodePool#letGo}. */
  void letGo(NodeConnection node) {
    lock.change(pool -> go(pool, node))
        .ifPresent(
            state -> {
              pingers.remove(state);
              close(node);
              LOG.info("node {} at {} has left", node.name(), node.options().address());
            });
  }

  /** Empty when none that leaves has that connection. */
  private Optional<NodeState> go(PoolState pool, NodeConnection node) {
    var state = pool.roster.letGo(node);
    if (state == null || pool.isClosed()) {
      return Optional.empty();
    }
    rosterChanged(pool);
    return Optional.of(state);
  }

  /** Ends the pings, and closes the connections. */
  @Override
  public void close() {
    pingers.close();
    allConnections.forEach(PoolNodes::close);
  }

  private static void close(NodeConnection node) {
    try {
      node.engine().close();
    } catch (RuntimeException e) {
      LOG.warn("the connection to node {} did not close cleanly", node.name(), e);
    }
  }
}
