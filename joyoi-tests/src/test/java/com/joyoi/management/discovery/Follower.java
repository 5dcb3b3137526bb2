package com.joyoi.management.discovery;

import com.joyoi.management.concurrent.ManualTimers;
import com.joyoi.management.docker.FakeDockerEngine;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.model.NodeStatus;
import com.joyoi.management.node.NodePool;
import com.joyoi.management.node.NodePools;
import com.joyoi.management.node.NodeRepository;
import com.joyoi.management.settings.DiscoveryOptions;
import com.joyoi.management.settings.NodeDefinitions;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A service's pool, and what follows for it. */
final class Follower implements AutoCloseable {
  /** Paths of certificates that this service's machine lacks. */
  final Set<String> missing = new HashSet<>();

  final NodePool pool;
  final FollowedNodes nodes;

  Follower(NodeRepository repository, DiscoveryOptions discovery, NodeOptions... configured) {
    var timers = new ManualTimers();
    pool =
        NodePools.start(
            List.of(configured),
            this::connect,
            timers,
            timers.clock(),
            failure -> {},
            (node, shape) -> {
              throw new AssertionError("nobody wishes for a sandbox");
            });
    nodes =
        new FollowedNodes(
            pool, repository, new NodeDefinitions(discovery), List.of(configured), Optional::empty);
    nodes.look();
  }

  private FakeDockerEngine connect(NodeOptions node) {
    var tls = node.tls();
    if (tls != null && missing.contains(tls.clientCertificate().toString())) {
      throw JoyoiException.invalid(tls.clientCertificate() + " can't be used: no such file");
    }
    return new FakeDockerEngine();
  }

  NodeStatus status(String node) {
    return pool.status().stream()
        .filter(status -> status.name().equals(node) && !status.leaving())
        .findFirst()
        .orElseThrow();
  }

  List<String> names() {
    return pool.connections().stream().map(node -> node.name()).toList();
  }

  @Override
  public void close() {
    pool.close();
  }
}
