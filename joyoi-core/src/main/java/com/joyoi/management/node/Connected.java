package com.joyoi.management.node;

import com.joyoi.management.docker.DockerEngine;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.NodeOptions;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A node that was connected to, or could not be.
 *
 * @param unusable why it could not be; null when it was
 */
record Connected(NodeConnection connection, @Nullable String unusable) {
  /** Only reads what this machine has; no node is waited for. */
  static Connected to(NodeOptions node, Function<NodeOptions, DockerEngine> connector) {
    try {
      return new Connected(new NodeConnection(node, connector.apply(node)), null);
    } catch (JoyoiException e) {
      return not(node, String.valueOf(e.getMessage()));
    }
  }

  static Connected not(NodeOptions node, String why) {
    return new Connected(new NodeConnection(node, DockerEngine.unusable(why)), why);
  }
}
