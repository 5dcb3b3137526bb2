package com.joyoi.management.node;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Makes sandboxes when the test says so. Confined to one thread. */
final class FakeSandboxes implements SandboxMaker {
  /** All that were asked for, in their order. */
  final List<Asked> asked = new ArrayList<>();

  /** A sandbox that is to be made. */
  record Asked(String node, SandboxShape shape, CompletableFuture<IdleSandbox> future) {
    FakeSandbox make() {
      var sandbox = new FakeSandbox();
      future.complete(sandbox);
      return sandbox;
    }

    void fail(RuntimeException failure) {
      future.completeExceptionally(failure);
    }
  }

  /** A sandbox in memory. */
  static final class FakeSandbox implements IdleSandbox {
    volatile boolean alive = true;
    volatile boolean discarded;

    @Override
    public boolean isAlive() {
      return alive;
    }

    @Override
    public void discard() {
      discarded = true;
    }
  }

  @Override
  public CompletableFuture<IdleSandbox> make(NodeConnection node, SandboxShape shape) {
    var one = new Asked(node.name(), shape, new CompletableFuture<>());
    asked.add(one);
    return one.future();
  }

  /** Makes the last one that was asked for. */
  FakeSandbox makeLast() {
    return asked.getLast().make();
  }
}
