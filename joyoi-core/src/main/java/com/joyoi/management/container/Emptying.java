package com.joyoi.management.container;

import com.joyoi.management.node.NodeConnection;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How sandboxes whose connections have ended empty their disks. */
final class Emptying {
  private static final Logger LOG = LoggerFactory.getLogger(Emptying.class);

  /** The sandbox's own bound for emptying a disk, and some time to end. */
  private static final Duration PATIENCE = Duration.ofSeconds(150);

  private Emptying() {}

  /**
   * Lets a sandbox whose connection has ended empty its disk and end by itself: the engine could
   * not remove deeply nested folders, and would leave the volume that they are in without a word.
   * Blocks.
   *
   * @throws com.joyoi.management.docker.DockerException when the node does not answer
   */
  static void await(NodeConnection node, String container) {
    if (node.engine().inspect(container).isEmpty()) {
      return;
    }
    var end = node.engine().awaitExit(container, PATIENCE);
    if (end.isEmpty() || end.get().exitCode() != 0) {
      LOG.warn(
          "Sandbox {} on node {} has not emptied its disk: its volume may be left",
          container,
          node.name());
    }
  }
}
