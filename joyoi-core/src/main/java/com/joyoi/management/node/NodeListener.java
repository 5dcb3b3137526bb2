package com.joyoi.management.node;

import java.time.Instant;

/** Is told when a node stays down. */
@FunctionalInterface
public interface NodeListener {
  /**
   * A node failed three times in a row; told again after an hour when it still fails, and never
   * twice within one. Called outside of locks, on the thread that saw the failure: must not block.
   * What it throws is logged.
   */
  void nodeFailed(NodeFailure failure);

  /**
   * What is known of a node that is down.
   *
   * @param error what failed last
   * @param failures in a row, at least three
   */
  record NodeFailure(String node, String address, String error, int failures, Instant time) {}
}
