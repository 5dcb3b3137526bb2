package com.joyoi.management.node;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.joyoi.management.concurrent.PriorityWaitQueue;
import com.joyoi.management.concurrent.Timers;
import com.joyoi.management.docker.EngineInfo;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.error.JoyoiException.Kind;
import com.joyoi.management.model.NodeStatus;
import com.joyoi.management.node.NodeListener.NodeFailure;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pool. Thread-safe.
 *
 * <p>One lock over all nodes and the queue; nothing under it blocks. It keeps one invariant: nobody
 * waits who could use a slot that is free. So whoever asks anew overtakes nobody, and when a node
 * gets room, only that node has to be offered to those who wait.
 */
final class NodePoolImpl implements NodePool {
  private static final Logger LOG = LoggerFactory.getLogger(NodePoolImpl.class);

  private final Clock clock;
  private final FailureReports failures;
  private final Grants grants = new Grants();
  private final List<NodeConnection> connections;

  /** In the configuration's order; the map never changes, the states are guarded. */
  private final Map<String, NodeState> nodes = new LinkedHashMap<>();

  private final Map<String, NodePinger> pingers = new LinkedHashMap<>();

  private final Object lock = new Object();

  @GuardedBy("lock")
  private final PriorityWaitQueue<Waiter> waiters = new PriorityWaitQueue<>();

  @GuardedBy("lock")
  private long leases;

  @GuardedBy("lock")
  private boolean closed;

  NodePoolImpl(
      List<NodeConnection> connections,
      Timers timers,
      Clock clock,
      NodeListener listener,
      Executor pings) {
    this.connections = connections;
    this.clock = clock;
    failures = new FailureReports(clock, listener);
    for (var connection : connections) {
      var state = new NodeState(connection);
      nodes.put(connection.name(), state);
      pingers.put(
          connection.name(),
          new NodePinger(connection, timers, clock, pings, new PingReport(state)));
    }
  }

  /** Sends the first pings; apart from the constructor, since their answers come to this object. */
  void start() {
    pingers.values().forEach(NodePinger::start);
  }

  @Override
  public CompletableFuture<NodeLease> acquire(LeaseRequest request) {
    if (request.excluded().containsAll(nodes.keySet())) {
      return CompletableFuture.failedFuture(
          new JoyoiException(
              Kind.UNAVAILABLE,
              "'%s' found no node: %s"
                  .formatted(
                      request.description(),
                      nodes.isEmpty()
                          ? "the configuration has none"
                          : "it excludes all of the configuration, " + nodes.keySet())));
    }
    var future = new CompletableFuture<NodeLease>();
    PriorityWaitQueue.Place<Waiter> place;
    synchronized (lock) {
      if (closed) {
        return CompletableFuture.failedFuture(closedWhile(request));
      }
      var best = best(request);
      if (best != null) {
        return CompletableFuture.completedFuture(lease(best, request));
      }
      place = waiters.add(request.priority(), new Waiter(request, future));
    }
    // However it ends, by cancelling or by a time-out of the caller's, it leaves the queue at once.
    var unused = future.whenComplete((lease, error) -> leave(place));
    return future;
  }

  private void leave(PriorityWaitQueue.Place<Waiter> place) {
    synchronized (lock) {
      waiters.remove(place);
    }
  }

  @GuardedBy("lock")
  private @Nullable NodeState best(LeaseRequest request) {
    NodeState best = null;
    for (var node : nodes.values()) {
      if (node.hasRoom()
          && !request.excluded().contains(node.name())
          && (best == null || node.isBetterThan(best))) {
        best = node;
      }
    }
    return best;
  }

  @GuardedBy("lock")
  private NodeLeaseImpl lease(NodeState node, LeaseRequest request) {
    var lease = new NodeLeaseImpl(this, node, request.description());
    node.add(lease, ++leases);
    return lease;
  }

  /** Takes what those who wait can now use of a node; to be handed out without the lock. */
  @GuardedBy("lock")
  private List<Grants.Grant> fill(NodeState node) {
    var taken = new ArrayList<Grants.Grant>();
    while (node.hasRoom() && !waiters.isEmpty()) {
      var first = waiters.removeFirst(w -> !w.request.excluded().contains(node.name()));
      if (first.isEmpty()) {
        break;
      }
      var waiter = first.get();
      taken.add(new Grants.Grant(waiter.future, lease(node, waiter.request)));
    }
    return taken;
  }

  void release(NodeState node, NodeLeaseImpl lease) {
    List<Grants.Grant> taken;
    synchronized (lock) {
      if (!node.remove(lease)) {
        return;
      }
      taken = fill(node);
    }
    grants.handOut(taken);
  }

  void jobFailed(NodeState node, String what, boolean timedOut) {
    boolean isFirst;
    NodeFailure toTell;
    synchronized (lock) {
      isFirst = node.health.failures() == 0;
      node.health.jobFailed(what);
      toTell = failureToTell(node);
    }
    failures.report(node.name(), what, timedOut, isFirst, toTell);
    // Present for every node: the map has the keys of the states' map.
    Optional.ofNullable(pingers.get(node.name())).ifPresent(NodePinger::recheck);
  }

  @GuardedBy("lock")
  private @Nullable NodeFailure failureToTell(NodeState node) {
    return closed ? null : node.failureToTell(clock.instant());
  }

  @Override
  public Optional<NodeConnection> connection(String node) {
    return Optional.ofNullable(nodes.get(node)).map(state -> state.connection);
  }

  @Override
  public List<NodeConnection> connections() {
    return connections;
  }

  @Override
  public List<NodeStatus> status() {
    synchronized (lock) {
      return nodes.values().stream().map(NodeState::status).toList();
    }
  }

  @Override
  public SortedMap<Integer, Integer> waiting() {
    synchronized (lock) {
      return waiters.sizes();
    }
  }

  @Override
  public List<String> timeoutErrors() {
    return failures.timeouts();
  }

  @Override
  public void cordon(String node, boolean cordoned) {
    var state = nodes.get(node);
    if (state == null) {
      throw JoyoiException.notFound(
          "there is no node '%s'; the nodes are %s".formatted(node, nodes.keySet()));
    }
    List<Grants.Grant> taken;
    synchronized (lock) {
      state.cordoned = cordoned;
      taken = fill(state);
    }
    LOG.info("node {} is {}", node, cordoned ? "cordoned: it gets no new work" : "uncordoned");
    grants.handOut(taken);
  }

  @Override
  public void close() {
    List<Waiter> left;
    synchronized (lock) {
      if (closed) {
        return;
      }
      closed = true;
      left = waiters.drain();
    }
    left.forEach(waiter -> waiter.future.completeExceptionally(closedWhile(waiter.request)));
    pingers.values().forEach(NodePinger::close);
    for (var connection : connections) {
      try {
        connection.engine().close();
      } catch (RuntimeException e) {
        LOG.warn("the connection to node {} did not close cleanly", connection.name(), e);
      }
    }
  }

  private static JoyoiException closedWhile(LeaseRequest request) {
    return new JoyoiException(
        Kind.UNAVAILABLE,
        "'%s' got no node: the service is stopping".formatted(request.description()));
  }

  private record Waiter(LeaseRequest request, CompletableFuture<NodeLease> future) {}

  /** Takes what comes of the pings of one node. */
  private final class PingReport implements NodePinger.Report {
    private final NodeState node;

    PingReport(NodeState node) {
      this.node = node;
    }

    @Override
    public long faults() {
      synchronized (lock) {
        return node.health.faults();
      }
    }

    @Override
    public void answered(long faultsBefore, EngineInfo info) {
      boolean cameUp;
      List<Grants.Grant> taken;
      synchronized (lock) {
        if (closed) {
          return;
        }
        var wasUp = node.health.isUp();
        node.health.answered(faultsBefore, info.engineVersion(), clock.instant());
        cameUp = !wasUp && node.health.isUp();
        taken = fill(node);
      }
      if (cameUp) {
        LOG.info("node {} answers (Docker Engine {})", node.name(), info.engineVersion());
      }
      grants.handOut(taken);
    }

    @Override
    public void failed(long faultsBefore, String what, boolean timedOut) {
      boolean isFirst;
      NodeFailure toTell;
      synchronized (lock) {
        if (closed) {
          return;
        }
        isFirst = node.health.failures() == 0;
        node.health.pingFailed(faultsBefore, what);
        toTell = failureToTell(node);
      }
      failures.report(node.name(), what, timedOut, isFirst, toTell);
    }
  }
}
