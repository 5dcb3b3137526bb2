package com.joyoi.management.web.fake;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.NodeDefinition;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.model.NodeSource;
import com.joyoi.management.model.NodeStatus;
import com.joyoi.management.model.SwarmStatus;
import com.joyoi.management.node.NodeConnection;
import com.joyoi.management.node.NodeDirectory;
import com.joyoi.management.node.NodeLease;
import com.joyoi.management.node.NodePool;
import com.joyoi.management.settings.DiscoveryOptions;
import com.joyoi.management.settings.NodeDefinitions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** One node of the configuration in memory, {@code docker-1}, and those that are put. */
public class FakeNodes implements NodePool, NodeDirectory {
  private final NodeDefinitions definitions = new NodeDefinitions(DiscoveryOptions.DEFAULTS);
  private final Map<String, NodeDefinition> put = new ConcurrentHashMap<>();
  private volatile boolean cordoned;

  @Override
  public CompletableFuture<NodeLease> acquire(LeaseRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<NodeConnection> connection(String node) {
    return Optional.empty();
  }

  @Override
  public List<NodeConnection> connections() {
    return List.of();
  }

  @Override
  public List<NodeStatus> status() {
    var all = new ArrayList<NodeStatus>();
    all.add(status("docker-1", "http://docker-1:2376", NodeSource.CONFIGURATION));
    put.forEach((name, node) -> all.add(status(name, node.address(), NodeSource.DATABASE)));
    return all;
  }

  private NodeStatus status(String name, String address, NodeSource source) {
    return new NodeStatus(
        name,
        new NodeStatus.NodeInfo("joyoi", address),
        1,
        List.of("CompileActor of 1"),
        false,
        0,
        8,
        cordoned,
        Instant.parse("2024-05-06T07:08:09Z"),
        null,
        "20.10.24",
        "7TJ4:engine",
        6,
        null,
        source,
        false);
  }

  /** What was put under a name. */
  public NodeDefinition definition(String name) {
    return Objects.requireNonNull(put.get(name), name);
  }

  @Override
  public void put(String name, NodeDefinition definition) {
    var checked = definitions.checked(name, definition);
    refuseConfigured(name);
    put.put(name, checked);
  }

  private static void refuseConfigured(String name) {
    if (name.equals("docker-1")) {
      throw JoyoiException.conflict("node 'docker-1' stands in this service's configuration");
    }
  }

  @Override
  public Optional<SwarmStatus> swarm() {
    return Optional.of(new SwarmStatus("tcp://swarm:2376", 0, null, "no answer"));
  }

  @Override
  public Optional<String> outage(Set<String> excluded) {
    return Optional.empty();
  }

  @Override
  public SortedMap<Integer, Integer> waiting() {
    var waiting = new TreeMap<Integer, Integer>();
    waiting.put(-1, 2);
    waiting.put(0, 3);
    return waiting;
  }

  @Override
  public List<String> timeoutErrors() {
    return List.of("(2024-05-06T07:08:09Z): inspect of docker-1");
  }

  @Override
  public void hold(boolean held) {}

  @Override
  public void cordon(String node, boolean value) {
    if (node.equals("drained")) {
      throw JoyoiException.conflict("node 'drained' is drained in its swarm");
    }
    if (!node.equals("docker-1")) {
      throw JoyoiException.notFound("docker node not found");
    }
    cordoned = value;
  }

  @Override
  public List<NodeConnection> allConnections() {
    return connections();
  }

  @Override
  public void put(
      NodeOptions options, NodeSource source, boolean cordoned, @Nullable String unusable) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void remove(String name) {
    refuseConfigured(name);
    if (put.remove(name) == null) {
      throw JoyoiException.notFound("docker node", name);
    }
  }

  @Override
  public List<Leaving> leaving() {
    return List.of();
  }

  @Override
  public void letGo(NodeConnection left) {}

  @Override
  public void forget(UUID instanceId) {}

  @Override
  public void stop() {}

  @Override
  public void close() {}
}
