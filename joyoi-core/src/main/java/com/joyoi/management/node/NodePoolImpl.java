package com.joyoi.management.node;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.joyoi.management.concurrent.Timers;
import com.joyoi.management.docker.DockerEngine;
import com.joyoi.management.docker.DockerException;
import com.joyoi.management.docker.EngineInfo;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.error.JoyoiException.Kind;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.model.NodeSource;
import com.joyoi.management.model.NodeStatus;
import com.joyoi.management.node.NodeListener.NodeFailure;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
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
  private final Function<NodeOptions, DockerEngine> connector;
  private final Executor pings;
  private final Map<NodeState, NodePinger> pingers = new ConcurrentHashMap<>();

  /** Those that may get work, and those that leave. */
  private volatile List<NodeConnection> connections = List.of();

  private volatile List<NodeConnection> allConnections = List.of();

  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Roster roster = new Roster();

  @GuardedBy("lock")
  private boolean held;

  @GuardedBy("lock")
  private final Placement placement;

  private final SlotSharing sharing;
  private final SandboxMaker maker;
  private final Timers timers;
  private final Timers.Task tidying;

  @GuardedBy("lock")
  private boolean closed;

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
    this.connector = connector;
    this.pings = pings;
    this.clock = clock;
    this.timers = timers;
    this.maker = maker;
    failures = new FailureReports(clock, listener);
    placement = new Placement(this, nanoTime);
    for (var node : nodes) {
      roster.put(member(node, NodeSource.CONFIGURATION));
    }
    rosterChanged();
    tidying = timers.every(TIDY_PERIOD, "idle sandboxes", this::tidy);
  }

  private void tidy() {
    Outcome outcome;
    synchronized (lock) {
      if (closed) {
        return;
      }
      placement.tidy(roster.present());
      outcome = placement.takeOutcome();
    }
    perform(outcome);
  }

  /** A node with its pinger, which is to be started. */
  private NodeState member(NodeConnection connection, NodeSource source) {
    var state = new NodeState(connection, source, sharing.isShared());
    pingers.put(state, new NodePinger(connection, timers, clock, pings, new PingReport(state)));
    return state;
  }

  @GuardedBy("lock")
  private void rosterChanged() {
    placement.nodesAre(roster.present());
    connections = roster.present().stream().map(node -> node.connection).toList();
    allConnections = roster.all().stream().map(node -> node.connection).toList();
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
  void change(NodeConnection node, Consumer<NodeState> change) {
    for (var state : states()) {
      if (state.connection.equals(node)) {
        locked(it -> it.changed(state, () -> change.accept(state)));
      }
    }
  }

  /** Those that leave last. */
  List<NodeState> states() {
    synchronized (lock) {
      return roster.all();
    }
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
    Waiter waiter;
    Outcome outcome;
    synchronized (lock) {
      if (closed) {
        return CompletableFuture.failedFuture(closedWhile(request.description()));
      }
      if (roster.isHopeless(request.excluded())) {
        return CompletableFuture.failedFuture(
            new NoNodeLeftException(request.description(), roster.names()));
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
    // A node that has left has none any more.
    Optional.ofNullable(pingers.get(node)).ifPresent(NodePinger::recheck);
  }

  @GuardedBy("lock")
  private @Nullable NodeFailure failureToTell(NodeState node) {
    return closed ? null : node.failureToTell(clock.instant());
  }

  @Override
  public Optional<NodeConnection> connection(String node) {
    return connections.stream().filter(one -> one.name().equals(node)).findFirst();
  }

  @Override
  public List<NodeConnection> connections() {
    return connections;
  }

  @Override
  public List<NodeConnection> allConnections() {
    return allConnections;
  }

  @Override
  public List<NodeStatus> status() {
    synchronized (lock) {
      return roster.all().stream().map(NodeState::status).toList();
    }
  }

  @Override
  public Optional<String> outage(Set<String> excluded) {
    var reasons = new ArrayList<String>();
    synchronized (lock) {
      for (var node : roster.present()) {
        var reason = excluded.contains(node.name()) ? "refused it" : node.whyClosed();
        if (reason == null) {
          return Optional.empty();
        }
        reasons.add(node.name() + " " + reason);
      }
    }
    return Optional.of(reasons.isEmpty() ? "there is none" : String.join("; ", reasons));
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
  public void hold(boolean isHeld) {
    Outcome outcome;
    synchronized (lock) {
      if (closed) {
        return;
      }
      held = isHeld;
      for (var node : roster.present()) {
        placement.changed(node, () -> node.held = isHeld);
      }
      outcome = placement.takeOutcome();
    }
    perform(outcome);
  }

  @Override
  public void cordon(String node, boolean cordoned) {
    Set<String> known;
    Outcome outcome;
    synchronized (lock) {
      var state = roster.get(node);
      known = Set.copyOf(roster.names());
      if (state != null && !closed) {
        cordon(state, cordoned);
      }
      outcome = placement.takeOutcome();
    }
    perform(outcome);
    if (!known.contains(node)) {
      throw JoyoiException.notFound(
          "there is no node '%s'; the nodes are %s".formatted(node, new TreeSet<>(known)));
    }
    LOG.info("node {} is {}", node, cordoned ? "cordoned: it gets no new work" : "uncordoned");
  }

  @GuardedBy("lock")
  private void cordon(NodeState state, boolean cordoned) {
    placement.changed(
        state,
        () -> {
          state.cordoned = cordoned;
          if (!cordoned) {
            state.breaker.reset();
          }
        });
    if (cordoned) {
      placement.clear(state);
    }
  }

  @Override
  public void put(
      NodeOptions node, NodeSource source, boolean cordoned, @Nullable String unusable) {
    NodePools.check(node);
    if (!isThere(node, source, cordoned, unusable)) {
      var connected =
          unusable == null ? Connected.to(node, connector) : Connected.not(node, unusable);
      add(connected, source, cordoned);
    }
  }

  /** Whether it is there as it shall be; then it is cordoned, or not, from now on. */
  private boolean isThere(
      NodeOptions node, NodeSource source, boolean cordoned, @Nullable String unusable) {
    boolean isThere;
    Outcome outcome;
    synchronized (lock) {
      var known = roster.get(node.name());
      var isSame = !closed && known != null && known.is(node, source);
      if (known != null && isSame && known.cordoned != cordoned) {
        cordon(known, cordoned);
      }
      isThere = closed || (known != null && isSame && Objects.equals(known.unusable, unusable));
      outcome = placement.takeOutcome();
    }
    perform(outcome);
    return isThere;
  }

  private void add(Connected node, NodeSource source, boolean cordoned) {
    var connection = node.connection();
    Outcome outcome;
    @Nullable NodeState state;
    List<Waiter> hopeless;
    Set<String> present;
    synchronized (lock) {
      var known = roster.get(connection.name());
      if (closed || (known != null && known.isAsUnusable(node, source))) {
        state = null;
      } else {
        state = come(node, source, cordoned);
      }
      present = Set.copyOf(roster.names());
      hopeless = state == null ? List.of() : placement.takeAllWithout(present);
      outcome = placement.takeOutcome();
    }
    fail(hopeless, present);
    perform(outcome);
    if (state == null) {
      close(connection);
      return;
    }
    LOG.info("node {} at {} has come", connection.name(), connection.options().address());
    pinger(state).ifPresent(NodePinger::start);
  }

  @GuardedBy("lock")
  private NodeState come(Connected node, NodeSource source, boolean cordoned) {
    var state = member(node.connection(), source);
    state.unusable = node.unusable();
    state.cordoned = cordoned;
    state.held = held;
    var old = roster.put(state);
    if (old != null) {
      leaves(old);
    }
    rosterChanged();
    return state;
  }

  @Override
  public void remove(String node) {
    Outcome outcome;
    List<Waiter> hopeless;
    Set<String> left;
    synchronized (lock) {
      var state = closed ? null : roster.remove(node);
      if (state == null) {
        return;
      }
      leaves(state);
      rosterChanged();
      left = Set.copyOf(roster.names());
      hopeless = left.isEmpty() ? List.of() : placement.takeAllWithout(left);
      outcome = placement.takeOutcome();
    }
    LOG.info("node {} leaves: it gets no new work", node);
    fail(hopeless, left);
    perform(outcome);
  }

  /** Those who exclude all nodes that there are. */
  private static void fail(List<Waiter> hopeless, Set<String> nodes) {
    hopeless.forEach(
        waiter -> waiter.completeExceptionally(new NoNodeLeftException(waiter.description, nodes)));
  }

  @GuardedBy("lock")
  private void leaves(NodeState state) {
    roster.leaves(state);
    placement.changed(state, () -> state.leavingSince = clock.instant());
    placement.clear(state);
  }

  @Override
  public List<Leaving> leaving() {
    synchronized (lock) {
      return roster.leaving();
    }
  }

  @Override
  public void letGo(NodeConnection node) {
    NodeState state;
    Outcome outcome;
    synchronized (lock) {
      state = roster.letGo(node);
      if (state == null || closed) {
        return;
      }
      rosterChanged();
      outcome = placement.takeOutcome();
    }
    perform(outcome);
    pinger(state).ifPresent(NodePinger::close);
    pingers.remove(state);
    close(node);
    LOG.info("node {} at {} has left", node.name(), node.options().address());
  }

  private Optional<NodePinger> pinger(NodeState state) {
    return Optional.ofNullable(pingers.get(state));
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
      roster.all().forEach(placement::clear);
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
    allConnections.forEach(NodePoolImpl::close);
  }

  private static void close(NodeConnection node) {
    try {
      node.engine().close();
    } catch (RuntimeException e) {
      LOG.warn("the connection to node {} did not close cleanly", node.name(), e);
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
      failed(
          what,
          false,
          () -> node.health.isUnfit(faultsBefore, info.engineVersion(), what, clock.instant()));
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
