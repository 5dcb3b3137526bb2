package com.joyoi.management.node;

import com.joyoi.management.model.NodeStatus;
import com.joyoi.management.node.NodeListener.NodeFailure;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A node as the pool keeps it. Not thread-safe: guarded by the pool's lock. */
final class NodeState {
  final NodeConnection connection;
  final NodeHealth health = new NodeHealth();
  boolean cordoned;

  private final Set<NodeLeaseImpl> running = new LinkedHashSet<>();

  /** Grows with each lease of the pool; 0 is never. */
  private long lastLeased;

  NodeState(NodeConnection connection) {
    this.connection = connection;
  }

  String name() {
    return connection.name();
  }

  boolean hasRoom() {
    return health.isUp() && !cordoned && running.size() < maxRunningJobs();
  }

  void add(NodeLeaseImpl lease, long number) {
    running.add(lease);
    lastLeased = number;
  }

  /** Whether the lease was still held. */
  boolean remove(NodeLeaseImpl lease) {
    return running.remove(lease);
  }

  /** Whether a new job goes here rather than there: fewer jobs, then longest unused. */
  boolean isBetterThan(NodeState other) {
    return running.size() != other.running.size()
        ? running.size() < other.running.size()
        : lastLeased < other.lastLeased;
  }

  /** What the listener must be told now, null when nothing; noted as told. */
  @Nullable NodeFailure failureToTell(Instant now) {
    if (!health.notifies(now)) {
      return null;
    }
    var error = health.lastError();
    return new NodeFailure(
        name(), connection.options().address(), error == null ? "" : error, health.failures(), now);
  }

  NodeStatus status() {
    var options = connection.options();
    return new NodeStatus(
        options.name(),
        new NodeStatus.NodeInfo(options.image(), options.address()),
        running.size(),
        running.stream().map(NodeLeaseImpl::description).toList(),
        health.failures() > 0,
        health.failures(),
        maxRunningJobs(),
        cordoned,
        health.lastSeen(),
        health.lastError(),
        health.engineVersion());
  }

  private int maxRunningJobs() {
    return connection.options().container().maxRunningJobs();
  }
}
