package com.joyoi.management.node;

import com.joyoi.management.docker.DockerEngine;
import com.joyoi.management.model.NodeOptions;

/** A node's configuration and the connection to its daemon. */
public record NodeConnection(NodeOptions options, DockerEngine engine) {
  public String name() {
    return options.name();
  }
}
