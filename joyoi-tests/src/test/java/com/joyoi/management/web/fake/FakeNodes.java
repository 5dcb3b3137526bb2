package com.joyoi.management.web.fake;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.NodeStatus;
import com.joyoi.management.node.NodeConnection;
import com.joyoi.management.node.NodeLease;
import com.joyoi.management.node.NodePool;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** One node in memory, {@code docker-1}. */
public final class FakeNodes implements NodePool {
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
    return List.of(
        new NodeStatus(
            "docker-1",
            new NodeStatus.NodeInfo("joyoi", "http://docker-1:2376"),
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
            null));
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
    if (!node.equals("docker-1")) {
      throw JoyoiException.notFound("docker node not found");
    }
    cordoned = value;
  }

  @Override
  public void forget(UUID instanceId) {}

  @Override
  public void stop() {}

  @Override
  public void close() {}
}
