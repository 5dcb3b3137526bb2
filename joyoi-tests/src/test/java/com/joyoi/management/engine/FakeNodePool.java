package com.joyoi.management.engine;

import com.joyoi.management.docker.FakeDockerEngine;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.model.NodeSource;
import com.joyoi.management.model.NodeStatus;
import com.joyoi.management.node.IdleSandbox;
import com.joyoi.management.node.NodeConnection;
import com.joyoi.management.node.NodeLease;
import com.joyoi.management.node.NodePool;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** One node that has room, unless a test says otherwise. */
final class FakeNodePool implements NodePool {
  private final FakeDockerEngine engine = new FakeDockerEngine();
  private volatile NodeConnection node = of("image");

  private final BlockingQueue<CompletableFuture<NodeLease>> waiting = new LinkedBlockingQueue<>();
  private volatile boolean full;

  private NodeConnection of(String image) {
    return new NodeConnection(
        new NodeOptions("node", image, "unix:///none", null, ContainerOptions.DEFAULTS), engine);
  }

  /** Another image is configured. */
  void setImage(String image) {
    node = of(image);
  }

  /** From now on whoever asks waits. */
  void fill() {
    full = true;
  }

  /** Blocks until somebody waits; takes it out of the queue. */
  CompletableFuture<NodeLease> awaitWaiter() throws InterruptedException {
    return waiting.take();
  }

  /** What a waiter is completed with. */
  NodeLease lease() {
    return new NodeLease() {
      @Override
      public NodeConnection node() {
        return node;
      }

      @Override
      public Optional<IdleSandbox> sandbox() {
        return Optional.empty();
      }

      @Override
      public boolean isReusable() {
        return false;
      }

      @Override
      public long number() {
        return 1;
      }

      @Override
      public boolean isHeld() {
        return true;
      }

      @Override
      public void reportStarted() {}

      @Override
      public void reportServed() {}

      @Override
      public void reportFault(String what, boolean timedOut) {}

      @Override
      public void over(boolean returns) {}

      @Override
      public void release() {}

      @Override
      public void release(IdleSandbox clean) {}
    };
  }

  @Override
  public Optional<String> outage(Set<String> excluded) {
    return Optional.of("node does not answer");
  }

  @Override
  public CompletableFuture<NodeLease> acquire(LeaseRequest request) {
    if (!full) {
      return CompletableFuture.completedFuture(lease());
    }
    var waiter = new CompletableFuture<NodeLease>();
    waiting.add(waiter);
    return waiter;
  }

  @Override
  public Optional<NodeConnection> connection(String name) {
    return Optional.of(node);
  }

  @Override
  public List<NodeConnection> connections() {
    return List.of(node);
  }

  @Override
  public List<NodeStatus> status() {
    return List.of();
  }

  @Override
  public SortedMap<Integer, Integer> waiting() {
    return new TreeMap<>();
  }

  @Override
  public List<String> timeoutErrors() {
    return List.of();
  }

  @Override
  public void hold(boolean held) {}

  @Override
  public void cordon(String name, boolean cordoned) {}

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
    throw new UnsupportedOperationException();
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
