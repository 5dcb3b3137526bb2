package com.joyoi.management.node;

import com.joyoi.management.concurrent.ManualTimers;
import com.joyoi.management.docker.FakeDockerEngine;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.model.NodeSource;
import com.joyoi.management.model.NodeStatus;
import com.joyoi.management.node.NodeListener.NodeFailure;
import com.joyoi.management.node.NodePool.LeaseRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A pool on fake engines, with pings that run when the test says so. Confined to one thread. */
final class PoolFixture {
  /** For pools that nobody asks for a sandbox. */
  static final SandboxMaker NO_SANDBOXES =
      (node, shape) -> {
        throw new AssertionError("nobody wishes for a sandbox");
      };

  final ManualTimers timers = new ManualTimers();
  final Map<String, FakeDockerEngine> engines = new HashMap<>();
  final List<NodeFailure> told = new ArrayList<>();
  final NodePool pool;

  /** Why nothing can be connected to; null when all can. */
  @Nullable String connectionFault;

  private final Queue<Runnable> pings = new ArrayDeque<>();

  private PoolFixture(List<NodeOptions> nodes, SandboxMaker maker, SlotSharing sharing) {
    pool =
        NodePools.start(
            nodes,
            this::connect,
            timers,
            timers.clock(),
            told::add,
            pings::add,
            maker,
            sharing,
            () -> Duration.between(Instant.EPOCH, timers.clock().instant()).toNanos());
  }

  /** Nodes that have all answered. */
  static PoolFixture up(NodeOptions... nodes) {
    return up(NO_SANDBOXES, nodes);
  }

  /** The same with sandboxes. */
  static PoolFixture up(SandboxMaker maker, NodeOptions... nodes) {
    var fixture = new PoolFixture(List.of(nodes), maker, SlotSharing.NONE);
    fixture.runPings();
    return fixture;
  }

  /** Nodes that have all answered, and get their slots from somebody. */
  static PoolFixture shared(SlotSharing sharing, NodeOptions... nodes) {
    var fixture = new PoolFixture(List.of(nodes), NO_SANDBOXES, sharing);
    fixture.runPings();
    return fixture;
  }

  /** Nodes whose first pings are under way. */
  static PoolFixture notYetSeen(NodeOptions... nodes) {
    return new PoolFixture(List.of(nodes), NO_SANDBOXES, SlotSharing.NONE);
  }

  static NodeOptions node(String name, int maxRunningJobs) {
    return new NodeOptions(
        name,
        "joyoi",
        "http://" + name + ":2376",
        null,
        ContainerOptions.DEFAULTS.withMaxRunningJobs(maxRunningJobs));
  }

  private FakeDockerEngine connect(NodeOptions node) {
    if (connectionFault != null) {
      throw JoyoiException.invalid(connectionFault);
    }
    var engine = new FakeDockerEngine();
    engines.put(node.name(), engine);
    return engine;
  }

  /** A node comes, and has answered. */
  void put(NodeOptions node) {
    put(node, false);
  }

  /** The same, cordoned or not. */
  void put(NodeOptions node, boolean cordoned) {
    pool.put(node, NodeSource.DATABASE, cordoned);
    runPings();
  }

  FakeDockerEngine engine(String node) {
    var engine = engines.get(node);
    if (engine == null) {
      throw new AssertionError("no node " + node);
    }
    return engine;
  }

  /** Ends the pings that are under way. */
  void runPings() {
    for (var ping = pings.poll(); ping != null; ping = pings.poll()) {
      ping.run();
    }
  }

  int pingsUnderWay() {
    return pings.size();
  }

  /** Time passes in steps of a second at most, and engines answer at once, each in its way. */
  void pass(Duration time) {
    var second = Duration.ofSeconds(1);
    for (var left = time; left.isPositive(); left = left.minus(second)) {
      timers.advance(left.compareTo(second) < 0 ? left : second);
      runPings();
    }
  }

  CompletableFuture<NodeLease> acquire(String description) {
    return acquire(0, description);
  }

  CompletableFuture<NodeLease> acquire(int priority, String description, String... excluded) {
    return pool.acquire(new LeaseRequest(priority, description, Set.of(excluded)));
  }

  /** A lease that must be there at once. */
  NodeLease hold(String description, String... excluded) {
    var future = acquire(0, description, excluded);
    if (!future.isDone()) {
      throw new AssertionError(description + " has to wait: " + pool.status());
    }
    return future.join();
  }

  NodeStatus status(String node) {
    return pool.status().stream()
        .filter(status -> status.name().equals(node))
        .findFirst()
        .orElseThrow();
  }
}
