package com.joyoi.management.functional;

import com.joyoi.management.docker.ContainerSummary;
import com.joyoi.management.docker.DockerEngine;
import com.joyoi.management.model.NodeOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a class whose tests leave a container on a node, and removes it, so that the next class
 * begins with clean nodes. On the test bed every container is one of the tests.
 */
final class LeavesNothing implements AfterAllCallback {
  @Override
  public void afterAll(ExtensionContext context) throws InterruptedException {
    try {
      Eventually.await(
          "no container is left on any node",
          () -> TestBed.nodes().stream().allMatch(node -> left(node).isEmpty()));
    } catch (AssertionError e) {
      var removed = new ArrayList<ContainerSummary>();
      TestBed.nodes().forEach(node -> removed.addAll(removeAll(node)));
      throw new AssertionError(context.getDisplayName() + " left " + removed, e);
    }
  }

  private static List<ContainerSummary> left(NodeOptions node) {
    return Containers.list(node, Map.of()).stream().filter(TestBed::isOurs).toList();
  }

  private static List<ContainerSummary> removeAll(NodeOptions node) {
    var left = left(node);
    try (var engine = DockerEngine.connect(node)) {
      left.forEach(container -> engine.remove(container.id()));
      return left;
    }
  }
}
