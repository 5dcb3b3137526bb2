package com.joyoi.management.functional;

import com.joyoi.management.docker.ContainerSummary;
import com.joyoi.management.docker.DockerEngine;
import com.joyoi.management.model.NodeOptions;
import java.util.List;
import java.util.Map;

/** A look at the containers of the nodes, past the service. */
final class Containers {
  private Containers() {}

  /** Containers of a service on both nodes, running or not. */
  static List<ContainerSummary> ofService(String service) {
    return TestBed.bothNodes().stream()
        .flatMap(node -> list(node, Map.of("com.joyoi.service", service)).stream())
        .toList();
  }

  static List<ContainerSummary> list(NodeOptions node, Map<String, String> labels) {
    try (var engine = DockerEngine.connect(node)) {
      return engine.list(labels);
    }
  }
}
