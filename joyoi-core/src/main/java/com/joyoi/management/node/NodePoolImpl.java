package com.joyoi.management.node;

import com.joyoi.management.concurrent.Timers;
import com.joyoi.management.docker.DockerEngine;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.model.NodeSource;
import com.joyoi.management.model.NodeStatus;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The pool, put together. Thread-safe.
 *
 * <p>All of its state is under one {@link PoolLock}. Who gets what is {@link Placement}'s business;
 * which nodes there are is that of {@link PoolNodes}, and whoever wants a slot or has one speaks to
 * {@link PoolLeases}.
 */
final class NodePoolImpl implements NodePool {
  /** How often idle sandboxes are looked at. */
  private static final Duration TIDY_PERIOD = Duration.ofSeconds(1);

  private final SlotSharing sharing;
  private final FailureReports failures;
  private final PoolLock lock;
  private final PoolLeases leases;
  private final PoolNodes nodes;
  private final Timers.Task tidying;

  NodePoolImpl(
      List<NodeConnection> nodes,
      Function<NodeOptions, DockerEngine> connector,
      Timers timers,
      Clock clock,
      NodeListener listener,
      Executor pings,
      SandboxMaker maker,
      SlotSharing sharing,
      LongSupplier nanoTime) {
    this.sharing = sharing;
    var pingers = new Pingers(timers, clock, pings);
    failures = new FailureReports(clock, listener, pingers);
    lock = new PoolLock(timers, clock, nanoTime, maker, failures);
    leases = new PoolLeases(lock, failures, sharing);
    this.nodes = new PoolNodes(lock, pingers, failures, sharing, connector);
    this.nodes.begin(nodes);
    tidying = timers.every(TIDY_PERIOD, "idle sandboxes", () -> lock.whileOpen(PoolState::tidy));
  }

  /** Sends the first pings; apart from the constructor, since their answers come to this object. */
  void start() {
    sharing.begin(new PoolSlots(lock));
    nodes.start();
  }

  @Override
  public CompletableFuture<NodeLease> acquire(LeaseRequest request) {
    return leases.acquire(request);
  }

  @Override
  public Optional<NodeConnection> connection(String node) {
    return connections().stream().filter(one -> one.name().equals(node)).findFirst();
  }

  @Override
  public List<NodeConnection> connections() {
    return nodes.connections();
  }

  @Override
  public List<NodeConnection> allConnections() {
    return nodes.allConnections();
  }

  @Override
  public List<NodeStatus> status() {
    return lock.read(pool -> pool.roster.all().stream().map(NodeState::status).toList());
  }

  @Override
  public Optional<String> outage(Set<String> excluded) {
    return lock.read(pool -> pool.roster.outage(excluded));
  }

  @Override
  public SortedMap<Integer, Integer> waiting() {
    return lock.read(pool -> pool.placement.sizes());
  }

  @Override
  public List<String> timeoutErrors() {
    return failures.timeouts();
  }

  @Override
  public void hold(boolean held) {
    lock.whileOpen(pool -> pool.hold(held));
  }

  @Override
  public void cordon(String node, boolean cordoned) {
    nodes.cordon(node, cordoned);
  }

  @Override
  public void put(
      NodeOptions node, NodeSource source, boolean cordoned, @Nullable String unusable) {
    nodes.put(node, source, cordoned, unusable);
  }

  @Override
  public void remove(String node) {
    nodes.remove(node);
  }

  @Override
  public List<Leaving> leaving() {
    return lock.read(pool -> pool.roster.leaving());
  }

  @Override
  public void letGo(NodeConnection node) {
    nodes.letGo(node);
  }

  @Override
  public void forget(UUID instanceId) {
    lock.whileOpen(pool -> pool.placement.forget(SandboxKey.domain(instanceId)));
  }

  @Override
  public void stop() {
    tidying.cancel();
    leases.stop();
  }

  @Override
  public void close() {
    stop();
    nodes.close();
  }
}
