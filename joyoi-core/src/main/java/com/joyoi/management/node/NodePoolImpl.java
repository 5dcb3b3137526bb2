package com.joyoi.management.node;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.joyoi.management.concurrent.Timers;
import com.joyoi.management.docker.DockerException;
import com.joyoi.management.docker.EngineInfo;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.error.JoyoiException.Kind;
import com.joyoi.management.model.NodeStatus;
import com.joyoi.management.node.NodeListener.NodeFailure;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pool. Thread-safe.
 *
 * <p>One lock over all nodes and the queue; nothing under it blocks. Who gets what is {@link
 * Placement}'s business; this class keeps the lock, and does what has to be done outside of it.
 */
final class NodePoolImpl implements NodePool {
  private static final Logger LOG = LoggerFactory.getLogger(NodePoolImpl.class);

  /** How often idle sandboxes are looked at. */
  private static final Duration TIDY_PERIOD = Duration.ofSeconds(1);

  private final Clock clock;
  private final FailureReports failures;
  private final Grants grants = new Grants();
  private final List<NodeConnection> connections;

  /** In the configuration's order; the map never changes, the states are guarded. */
  private final Map<String, NodeState> nodes = new LinkedHashMap<>();

  private final Map<String, NodePinger> pingers = new LinkedHashMap<>();

  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Placement placement;

  private final SlotSharing sharing;
  private final SandboxMaker maker;
  private final Timers timers;
  private final Timers.Task tidying;

  @GuardedBy("lock")
  private boolean closed;

  NodePoolImpl(
      List<NodeConnection> connections,
      Timers timers,
      Clock clock,
      NodeListener listener,
      Executor pings,
      SandboxMaker maker,
      SlotSharing sharing,
      LongSupplier nanoTime) {
    this.sharing = sharing;
    this.connections = connections;
    this.clock = clock;
    this.timers = timers;
    this.maker = maker;
    failures = new FailureReports(clock, listener);
    for (var connection : connections) {
      var state = new NodeState(connection, sharing.isShared());
      nodes.put(connection.name(), state);
      pingers.put(
          connection.name(),
          new NodePinger(connection, timers, clock, pings, new PingReport(state)));
    }
    placement = new Placement(this, nodes.values(), nanoTime);
    tidying =
        timers.every(TIDY_PERIOD, "idle sandboxes", () -> locked(it -> it.tidy(nodes.values())));
  }

  /** Does something under the lock, and what comes of it without. */
  private void locked(Consumer<Placement> change) {
    Outcome outcome;
    synchronized (lock) {
      if (closed) {
        return;
      }
      change.accept(placement);
      outcome = placement.takeOutcome();
    }
    perform(outcome);
  }

  /** Reads under the lock. */
  <T> T read(Function<Placement, T> look) {
    synchronized (lock) {
      return look.apply(placement);
    }
  }

  /** Changes what a node has, and fills the room that comes of it. */
  void change(String node, Consumer<NodeState> change) {
    var state = nodes.get(node);
    if (state != null) {
      locked(it -> it.changed(state, () -> change.accept(state)));
    }
  }

  Collection<NodeState> states() {
    return nodes.values();
  }

  boolean isHeld() {
    return sharing.isHeld();
  }

  /** Must not be called under the lock. */
  private void perform(Outcome outcome) {
    outcome.spent().forEach(IdleSandbox::discard);
    for (var making : outcome.makings()) {
      var unused = make(making).whenComplete((sandbox, failure) -> made(making, sandbox, failure));
    }
    grants.handOut(outcome.grants());
  }

  private CompletableFuture<IdleSandbox> make(Making making) {
    try {
      return maker.make(making.node().connection, making.shape());
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Has something done under the lock, later. */
  void after(Duration delay, Runnable change) {
    timers.after(delay, "placement", () -> locked(placed -> change.run()));
  }

  private void made(Making making, @Nullable IdleSandbox sandbox, @Nullable Throwable failure) {
    var isUnsupported = failure instanceof SandboxUnsupportedException;
    var nodeFault = isUnsupported ? null : nodeFault(making, failure);
    Fault fault = null;
    Outcome outcome;
    Waiter failed = null;
    synchronized (lock) {
      if (closed) {
        if (making.waiter() != null) {
          making.node().making--;
        }
        outcome = new Outcome();
        if (sandbox != null) {
          outcome.end(sandbox);
        }
      } else {
        var waiter = making.waiter();
        if (isUnsupported) {
          making.node().isUnsupported = true;
        } else if (failure != null && waiter != null && placement.leave(waiter)) {
          failed = waiter;
        }
        if (nodeFault != null) {
          // First: what comes free by it is not to be used.
          fault = noteFault(making.node(), what(nodeFault), making.began());
        }
        placement.made(making, sandbox);
        outcome = placement.takeOutcome();
      }
    }
    if (failure != null) {
      makingFailed(making, failure, isUnsupported, failed);
    }
    perform(outcome);
    if (nodeFault != null && fault != null) {
      tell(making.node(), what(nodeFault), nodeFault.isTimedOut(), fault);
    }
  }

  private static String what(DockerException fault) {
    return "making a sandbox: " + fault.getMessage();
  }

  /** A fault of the node, and not what the run does to each. */
  private static @Nullable DockerException nodeFault(Making making, @Nullable Throwable failure) {
    var waiter = making.waiter();
    var isSuspect = waiter != null && waiter.wish != null && waiter.wish.suspect();
    return failure instanceof DockerException docker && docker.isNodeFault() && !isSuspect
        ? docker
        : null;
  }

  private void makingFailed(
      Making making, Throwable failure, boolean isUnsupported, @Nullable Waiter waiter) {
    var node = making.node();
    var cause =
        failure instanceof JoyoiException known
            ? known
            : new JoyoiException(Kind.INTERNAL, "making a sandbox failed: " + failure, failure);
    if (isUnsupported) {
      LOG.warn(
          "node {}: its runs get containers of their own: {}", node.name(), cause.getMessage());
    } else {
      LOG.debug("node {}: no sandbox could be made", node.name(), cause);
    }
    if (waiter != null) {
      waiter.completeExceptionally(new SandboxFailedException(node.name(), waiter.number(), cause));
    }
  }

  /** Sends the first pings; apart from the constructor, since their answers come to this object. */
  void start() {
    sharing.begin(new PoolSlots(this));
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
    Waiter waiter;
    Outcome outcome;
    synchronized (lock) {
      if (closed) {
        return CompletableFuture.failedFuture(closedWhile(request.description()));
      }
      waiter = placement.ask(request);
      outcome = placement.takeOutcome();
    }
    perform(outcome);
    return waiter;
  }

  /** Its wish has been taken back, or can't be fulfilled. */
  void leave(Waiter waiter) {
    locked(it -> it.leave(waiter));
  }

  void over(NodeLeaseImpl lease, boolean returns) {
    locked(it -> it.over(lease, returns));
  }

  void release(NodeState node, NodeLeaseImpl lease, @Nullable IdleSandbox clean) {
    Outcome outcome;
    boolean isTaken;
    synchronized (lock) {
      isTaken = !closed && placement.release(node, lease, clean);
      if (closed) {
        // Nobody gets it any more, but it is free, and others may be told so.
        node.remove(lease);
      }
      outcome = placement.takeOutcome();
    }
    if (!isTaken && clean != null) {
      clean.discard();
    }
    perform(outcome);
  }

  @Override
  public void forget(UUID instanceId) {
    locked(it -> it.forget(SandboxKey.domain(instanceId)));
  }

  void jobStarted(NodeState node, NodeLeaseImpl lease) {
    locked(it -> it.started(node, lease));
  }

  void jobServed(NodeState node, NodeLeaseImpl lease) {
    locked(it -> it.served(node, lease));
  }

  void jobFailed(NodeState node, String what, boolean timedOut, long began) {
    Fault fault;
    Outcome outcome;
    synchronized (lock) {
      fault = noteFault(node, what, began);
      outcome = placement.takeOutcome();
    }
    perform(outcome);
    tell(node, what, timedOut, fault);
  }

  /**
   * What has to be told of a fault.
   *
   * @param rest how long the node gets no work for it, null when that was known
   */
  private record Fault(@Nullable Duration rest, @Nullable NodeFailure toTell) {}

  @GuardedBy("lock")
  private Fault noteFault(NodeState node, String what, long began) {
    var rests = placement.failed(node, what, began, clock.instant());
    return new Fault(rests ? node.breaker.rest() : null, failureToTell(node));
  }

  /** Must not be called under the lock. */
  private void tell(NodeState node, String what, boolean timedOut, Fault fault) {
    failures.ofRun(node.name(), what, timedOut, fault.rest(), fault.toTell());
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
  public Optional<String> outage(Set<String> excluded) {
    var reasons = new ArrayList<String>();
    synchronized (lock) {
      for (var node : nodes.values()) {
        var reason = excluded.contains(node.name()) ? "refused it" : node.whyClosed();
        if (reason == null) {
          return Optional.empty();
        }
        reasons.add(node.name() + " " + reason);
      }
    }
    return Optional.of(String.join("; ", reasons));
  }

  @Override
  public SortedMap<Integer, Integer> waiting() {
    synchronized (lock) {
      return placement.sizes();
    }
  }

  @Override
  public List<String> timeoutErrors() {
    return failures.timeouts();
  }

  @Override
  public void hold(boolean held) {
    locked(it -> nodes.values().forEach(node -> it.changed(node, () -> node.held = held)));
  }

  @Override
  public void cordon(String node, boolean cordoned) {
    var state = nodes.get(node);
    if (state == null) {
      throw JoyoiException.notFound(
          "there is no node '%s'; the nodes are %s".formatted(node, nodes.keySet()));
    }
    locked(
        it -> {
          it.changed(
              state,
              () -> {
                state.cordoned = cordoned;
                if (!cordoned) {
                  state.breaker.reset();
                }
              });
          if (cordoned) {
            it.clear(state);
          }
        });
    LOG.info("node {} is {}", node, cordoned ? "cordoned: it gets no new work" : "uncordoned");
  }

  @Override
  public void stop() {
    List<Waiter> left;
    Outcome outcome;
    synchronized (lock) {
      if (closed) {
        return;
      }
      left = placement.drain();
      nodes.values().forEach(placement::clear);
      closed = true;
      outcome = placement.takeOutcome();
    }
    tidying.cancel();
    left.forEach(waiter -> waiter.completeExceptionally(closedWhile(waiter.description)));
    outcome.spent().forEach(IdleSandbox::discard);
  }

  @Override
  public void close() {
    stop();
    pingers.values().forEach(NodePinger::close);
    for (var connection : connections) {
      try {
        connection.engine().close();
      } catch (RuntimeException e) {
        LOG.warn("the connection to node {} did not close cleanly", connection.name(), e);
      }
    }
  }

  private static JoyoiException closedWhile(String description) {
    return new JoyoiException(
        Kind.UNAVAILABLE, "'%s' got no node: the service is stopping".formatted(description));
  }

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
    public void engine(String id) {
      boolean isNew;
      Outcome outcome;
      synchronized (lock) {
        if (closed) {
          return;
        }
        var known = new AtomicBoolean();
        placement.changed(node, () -> known.set(node.slots.setEngine(id)));
        isNew = known.get();
        outcome = placement.takeOutcome();
      }
      perform(outcome);
      if (isNew) {
        LOG.info("node {} is engine {}", node.name(), id);
        sharing.engineKnown();
      }
    }

    @Override
    public void answered(long faultsBefore, EngineInfo info) {
      boolean cameUp;
      Outcome outcome;
      synchronized (lock) {
        if (closed) {
          return;
        }
        var wasUp = node.health.isUp();
        placement.changed(
            node, () -> node.health.answered(faultsBefore, info.engineVersion(), clock.instant()));
        cameUp = !wasUp && node.health.isUp();
        outcome = placement.takeOutcome();
      }
      if (cameUp) {
        LOG.info("node {} answers (Docker Engine {})", node.name(), info.engineVersion());
      }
      perform(outcome);
    }

    @Override
    public void unfit(long faultsBefore, EngineInfo info, String what) {
      failed(what, false, () -> node.health.isUnfit(faultsBefore, info.engineVersion(), what));
    }

    @Override
    public void failed(long faultsBefore, String what, boolean timedOut) {
      failed(what, timedOut, () -> node.health.pingFailed(faultsBefore, what));
    }

    private void failed(String what, boolean timedOut, Runnable note) {
      boolean isFirst;
      NodeFailure toTell;
      Outcome outcome;
      synchronized (lock) {
        if (closed) {
          return;
        }
        isFirst = node.health.failures() == 0;
        placement.changed(node, note);
        placement.clear(node);
        toTell = failureToTell(node);
        outcome = placement.takeOutcome();
      }
      perform(outcome);
      failures.ofPing(node.name(), what, timedOut, isFirst, toTell);
    }
  }
}
