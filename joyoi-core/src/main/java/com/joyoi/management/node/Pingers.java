package com.joyoi.management.node;

import com.joyoi.management.concurrent.Timers;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/** The pingers of a pool's nodes. Thread-safe. */
final class Pingers implements AutoCloseable {
  private final Map<NodeState, NodePinger> pingers = new ConcurrentHashMap<>();
  private final Timers timers;
  private final Clock clock;
  private final Executor threads;

  /**
   * @param threads must not run a ping on the thread that hands it over, unless no ping blocks
   */
  Pingers(Timers timers, Clock clock, Executor threads) {
    this.timers = timers;
    this.clock = clock;
    this.threads = threads;
  }

  /** A node comes; it is pinged from {@link #start} on. */
  void add(NodeState node, NodePinger.Report report) {
    pingers.put(node, new NodePinger(node.connection, timers, clock, threads, report));
  }

  void start(NodeState node) {
    of(node).ifPresent(NodePinger::start);
  }

  void startAll() {
    pingers.values().forEach(NodePinger::start);
  }

  /** Has a node pinged soon; one that has left is pinged no more. */
  void recheck(NodeState node) {
    of(node).ifPresent(NodePinger::recheck);
  }

  /** A node has left. */
  void remove(NodeState node) {
    of(node).ifPresent(NodePinger::close);
    pingers.remove(node);
  }

  /** Pings none any more. */
  @Override
  public void close() {
    pingers.values().forEach(NodePinger::close);
  }

  private Optional<NodePinger> of(NodeState node) {
    return Optional.ofNullable(pingers.get(node));
  }
}
