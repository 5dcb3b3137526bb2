package com.joyoi.management.node;

import java.util.concurrent.CompletableFuture;

/** The port to what makes sandboxes. Thread-safe. */
@FunctionalInterface
public interface SandboxMaker {
  /**
   * Makes one in the background.
   *
   * @return fails with a {@link SandboxUnsupportedException} when the node's image can't serve as
   *     one, else with a {@link com.joyoi.management.error.JoyoiException}
   */
  CompletableFuture<IdleSandbox> make(NodeConnection node, SandboxShape shape);
}
