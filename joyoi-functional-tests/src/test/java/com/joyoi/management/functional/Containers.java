package com.joyoi.management.functional;

import com.joyoi.management.docker.ContainerState;
import com.joyoi.management.docker.ContainerSummary;
import com.joyoi.management.docker.DockerEngine;
import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.NodeOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A look at the containers of the nodes, past the service. */
final class Containers {
  private Containers() {}

  /** Containers of a service on all nodes, running or not. */
  static List<ContainerSummary> ofService(String service) {
    return onAllNodes(Map.of("com.joyoi.service", service));
  }

  /** Containers of an instance on all nodes, running or not. */
  static List<ContainerSummary> ofInstance(UUID instance) {
    return onAllNodes(Map.of("com.joyoi.instance", instance.toString()));
  }

  /** Takes the containers of a service away, on all nodes. */
  static void removeAll(String service) {
    for (var node : TestBed.nodes()) {
      try (var engine = DockerEngine.connect(node)) {
        engine
            .list(Map.of("com.joyoi.service", service))
            .forEach(container -> engine.remove(container.id()));
      }
    }
  }

  private static List<ContainerSummary> onAllNodes(Map<String, String> labels) {
    return TestBed.nodes().stream().flatMap(node -> list(node, labels).stream()).toList();
  }

  static List<ContainerSummary> list(NodeOptions node, Map<String, String> labels) {
    try (var engine = DockerEngine.connect(node)) {
      return engine.list(labels);
    }
  }

  static boolean isRunning(@Nullable String node, @Nullable String container) {
    return inspect(node, container).filter(ContainerState::running).isPresent();
  }

  static boolean exists(@Nullable String node, @Nullable String container) {
    return inspect(node, container).isPresent();
  }

  /** Whether there is a file in it, outside of folders that are in memory. */
  static boolean hasFile(@Nullable String node, @Nullable String container, String path) {
    if (!exists(node, container)) {
      return false;
    }
    try (var engine = connect(Objects.requireNonNull(node))) {
      var archive = engine.getArchive(Objects.requireNonNull(container), path);
      archive.ifPresent(Containers::close);
      return archive.isPresent();
    }
  }

  private static void close(InputStream archive) {
    try (archive) {
      // It was only to be there.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<ContainerState> inspect(
      @Nullable String node, @Nullable String container) {
    if (node == null || container == null) {
      return Optional.empty();
    }
    try (var engine = connect(node)) {
      return engine.inspect(container);
    }
  }

  /** Takes the container of a run away. */
  static void remove(ActorRun run) {
    try (var engine = connect(Objects.requireNonNull(run.usedNode()))) {
      engine.remove(Objects.requireNonNull(run.usedContainer()));
    }
  }

  private static DockerEngine connect(String node) {
    return DockerEngine.connect(
        TestBed.nodes().stream()
            .filter(options -> options.name().equals(node))
            .findFirst()
            .orElseThrow());
  }
}
