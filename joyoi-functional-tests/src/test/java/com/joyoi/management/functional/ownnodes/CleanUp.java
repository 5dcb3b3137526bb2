package com.joyoi.management.functional.ownnodes;

import com.joyoi.management.docker.ContainerSummary;
import com.joyoi.management.docker.DockerEngine;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.functional.TestBed;
import com.joyoi.management.model.NodeOptions;
import java.util.List;
import java.util.Map;

/** Looks for what the tests left on a node; they remove their own, unless they are cut short. */
final class CleanUp {
  private CleanUp() {}

  /**
   * Removes the containers of these tests.
   *
   * @return those that were there
   * @throws JoyoiException when the node does not answer
   */
  static List<String> containers(NodeOptions node) {
    try (var engine = DockerEngine.connect(node)) {
      var left = engine.list(Map.of()).stream().filter(TestBed::isOurs).toList();
      left.forEach(container -> engine.remove(container.id()));
      return left.stream().map(ContainerSummary::id).toList();
    }
  }
}
