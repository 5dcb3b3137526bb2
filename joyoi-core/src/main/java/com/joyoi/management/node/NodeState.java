package com.joyoi.management.node;

import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.model.NodeSource;
import com.joyoi.management.model.NodeStatus;
import com.joyoi.management.node.NodeListener.NodeFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A node as the pool keeps it. Not thread-safe: guarded by the pool's lock. */
final class NodeState {
  /** Where a new job goes first: fewer jobs, then longest unused. */
  static final Comparator<NodeState> BEST_FIRST =
      Comparator.comparingInt(NodeState::used)
          .thenComparingLong(node -> node.lastLeased)
          .thenComparing(NodeState::name)
          // One that leaves may have the name of another.
          .thenComparingLong(node -> node.serial);

  private static final AtomicLong SERIALS = new AtomicLong();

  private final long serial = SERIALS.incrementAndGet();

  final NodeConnection connection;
  final NodeHealth health = new NodeHealth();
  final CircuitBreaker breaker = new CircuitBreaker();
  final IdleShelf shelf = new IdleShelf();
  final WarmDemand demand;
  final NodeSlots slots;
  final NodeSource source;
  boolean cordoned;

  /** Since when it gets nothing any more, and goes when what runs there has ended. */
  @Nullable Instant leavingSince;

  /** Why it can't be connected to; null when it can. */
  @Nullable String unusable;

  /** Whether nobody gets anything now, for a reason that is not the node's. */
  boolean held;

  /** How many sandboxes are being made for somebody who waits; each will need a slot. */
  int making;

  /** Whether the image has turned out to be none for sandboxes. */
  boolean isUnsupported;

  private final Set<NodeLeaseImpl> running = new LinkedHashSet<>();

  /** When it is on trial again, as it is shown; only while it rests. */
  private @Nullable Instant restsUntil;

  /** Grows with each lease of the pool; 0 is never. */
  private long lastLeased;

  /**
   * @param isShared whether its slots have to be given to it
   */
  NodeState(NodeConnection connection, NodeSource source, boolean isShared) {
    this.connection = connection;
    this.source = source;
    slots = new NodeSlots(maxRunningJobs(), isShared);
    var sandboxes = options().sandboxes();
    demand = new WarmDemand(sandboxes.warm(), idleFor());
  }

  String name() {
    return connection.name();
  }

  boolean is(NodeOptions options, NodeSource from) {
    return source == from && connection.options().equals(options);
  }

  /** Whether it is the same node, and can't be connected to for the same reason. */
  boolean isAsUnusable(Connected other, NodeSource from) {
    return unusable != null
        && unusable.equals(other.unusable())
        && is(other.connection().options(), from);
  }

  String place() {
    return connection.options().place();
  }

  ContainerOptions options() {
    return connection.options().container();
  }

  Duration idleFor() {
    return Duration.ofSeconds(options().sandboxes().idleSeconds());
  }

  boolean hasSandboxes() {
    return options().isStream() && !isUnsupported;
  }

  boolean isOpen() {
    return health.isUp() && leavingSince == null && !cordoned && !held && !breaker.isOpen();
  }

  /** Slots that are taken, or about to be. */
  int used() {
    return running.size() + making;
  }

  boolean hasRoom() {
    return isOpen() && used() < slots.allowed() && (breaker.isClosed() || !isTried());
  }

  /** Whether nothing of it is used or made any more. */
  boolean isIdle() {
    return isCalm() && !demand.isMaking() && shelf.size() == 0;
  }

  /** Whether something has begun since the last outage. */
  private boolean isTried() {
    return making > 0 || running.stream().anyMatch(lease -> lease.began() == breaker.outage());
  }

  /**
   * A run failed for its fault.
   *
   * @return whether it rests from now on
   */
  boolean jobFailed(String error, long began, long nanoTime, Instant now) {
    health.jobFailed(error);
    if (!breaker.failed(began, nanoTime)) {
      return false;
    }
    restsUntil = now.plus(breaker.rest());
    return true;
  }

  /** Which part of its slots will be taken when one more is. */
  double fullnessWithOneMore() {
    return (used() + 1.0) / Math.max(slots.allowed(), 1);
  }

  /** Whether nothing runs and nobody is about to. */
  boolean isCalm() {
    return used() == 0;
  }

  /** How many containers there are more than there may be. */
  int excess() {
    var bound = maxRunningJobs() + options().sandboxes().idle();
    return used() + (demand.isMaking() ? 1 : 0) + shelf.size() - bound;
  }

  void add(NodeLeaseImpl lease, long number) {
    running.add(lease);
    lastLeased = number;
  }

  /** Whether the lease was still held. */
  boolean remove(NodeLeaseImpl lease) {
    return running.remove(lease);
  }

  boolean holds(NodeLeaseImpl lease) {
    return running.contains(lease);
  }

  /** What the listener must be told now, null when nothing; noted as told. */
  @Nullable NodeFailure failureToTell(Instant now) {
    if (leavingSince != null || !health.notifies(failures(), now)) {
      return null;
    }
    var error = health.lastError();
    return new NodeFailure(
        name(), connection.options().address(), error == null ? "" : error, failures(), now);
  }

  /** In a row, of pings or of runs. */
  private int failures() {
    return Math.max(health.failures(), breaker.faults());
  }

  /** Why it takes no new work, however little there is; null when it does. */
  @Nullable String whyClosed() {
    if (cordoned) {
      return "is cordoned";
    }
    if (held) {
      return "gets no work while the database is away";
    }
    var error = health.lastError();
    var where = "at " + connection.options().address();
    if (!health.isUp()) {
      return where + (error == null ? " has not answered yet" : health.whyDown() + error);
    }
    return breaker.isOpen() ? where + " rests until " + restsUntil + ": " + error : slots.whyNone();
  }

  NodeStatus status() {
    var options = connection.options();
    return new NodeStatus(
        options.name(),
        new NodeStatus.NodeInfo(options.image(), options.address()),
        running.size(),
        running.stream().map(NodeLeaseImpl::description).toList(),
        health.failures() > 0 || breaker.isOpen(),
        failures(),
        maxRunningJobs(),
        cordoned,
        health.lastSeen(),
        health.lastError(),
        health.engineVersion(),
        slots.engineId(),
        slots.allowed(),
        breaker.isOpen() ? restsUntil : null,
        source,
        leavingSince != null);
  }

  private int maxRunningJobs() {
    return options().maxRunningJobs();
  }
}
