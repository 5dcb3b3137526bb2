package com.joyoi.management.container;

import com.joyoi.management.node.NodeConnection;

/** A container that is to be removed. Thread-safe, as long as attempts follow one another. */
final class Removal {
  private final NodeConnection node;
  private final String container;
  private final Runnable farewell;
  private final Runnable whenStopped;
  private volatile boolean stopTold;

  /**
   * @param farewell what is waited for before
   * @param whenStopped called once, when nothing of it can run any more
   */
  Removal(NodeConnection node, String container, Runnable farewell, Runnable whenStopped) {
    this.node = node;
    this.container = container;
    this.farewell = farewell;
    this.whenStopped = whenStopped;
  }

  NodeConnection node() {
    return node;
  }

  String container() {
    return container;
  }

  void sayFarewell() {
    farewell.run();
  }

  boolean isStopTold() {
    return stopTold;
  }

  void tellStop() {
    if (!stopTold) {
      stopTold = true;
      whenStopped.run();
    }
  }
}
