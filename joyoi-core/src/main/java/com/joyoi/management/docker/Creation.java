package com.joyoi.management.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One create call: what is sent, and what the answer says about limits. */
final class Creation {
  private static final Logger LOG = LoggerFactory.getLogger(Creation.class);

  private final String node;
  private final ContainerSpec spec;
  private final HostConfig hostConfig;

  Creation(String node, ContainerSpec spec) {
    this.node = node;
    this.spec = spec;
    this.hostConfig = HostConfigs.of(node, spec);
  }

  /** The engine's answer. */
  record Created(String id, String[] warnings) {}

  /** A container found by its name, and the limits that it lacks. */
  record Found(String id, List<String> dropped) {}

  Created send(DockerClient client) {
    if (Boolean.TRUE.equals(spec.limitation().enableNetwork())) {
      requireBridge(client);
    }
    var command = spec.command();
    var writable = spec.writable();
    var onDisk = writable == null ? null : writable.onDisk();
    var response =
        client
            .createContainerCmd(spec.image())
            .withName(spec.name())
            // An entry point replaces the image's own, which a command alone would be appended to.
            .withEntrypoint(command.subList(0, 1))
            .withCmd(command.subList(1, command.size()))
            .withStdinOpen(spec.attached())
            .withStdInOnce(spec.attached())
            .withAttachStdin(spec.attached())
            .withUser("0:0")
            .withWorkingDir(spec.workDir())
            .withVolumes(onDisk == null ? List.of() : List.of(new Volume(onDisk)))
            .withEnv(
                spec.environment().entrySet().stream()
                    .map(entry -> entry.getKey() + "=" + entry.getValue())
                    .sorted()
                    .toList())
            .withLabels(spec.labels())
            // An image's own check would run beside the program, within its limits.
            .withHealthcheck(new HealthCheck().withTest(List.of("NONE")))
            .withHostConfig(hostConfig)
            .exec();
    var warnings = response.getWarnings();
    return new Created(response.getId(), warnings == null ? new String[0] : warnings);
  }

  /** An engine without a bridge starts such a container all the same, with no network. */
  private void requireBridge(DockerClient client) {
    var networks = client.listNetworksCmd().withNameFilter("bridge").exec();
    if (networks.stream().noneMatch(network -> "bridge".equals(network.getName()))) {
      throw DockerException.refused(
          "node " + node + " has no network 'bridge', as Limitation.EnableNetwork needs", null);
    }
  }

  Optional<Found> find(DockerClient client) {
    try {
      var found = client.inspectContainerCmd(spec.name()).exec();
      var actual = Objects.requireNonNullElseGet(found.getHostConfig(), HostConfig::new);
      var dropped = HostConfigs.dropped(hostConfig, actual, !HostConfigs.isSwapChosen(spec));
      return Optional.of(new Found(found.getId(), dropped));
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  /**
   * The warnings that speak of a limit that won't be kept. A missing swap limit counts only where
   * somebody set one: the rule of twice the memory is our default and nobody's wish.
   */
  List<String> droppedLimits(List<String> warnings) {
    return warnings.stream().filter(this::isDroppedLimit).toList();
  }

  private boolean isDroppedLimit(String warning) {
    var text = warning.toLowerCase(Locale.ROOT);
    if (text.contains("swap") && !HostConfigs.isSwapChosen(spec)) {
      LOG.debug("Node {} does not limit swap: {}", node, warning);
      return false;
    }
    return text.contains("discarded")
        || text.contains("does not support")
        || text.contains("without swap");
  }

  DockerException imageMissing(NotFoundException e) {
    return DockerException.nodeFault(
        "node "
            + node
            + ": no image '"
            + spec.image()
            + "' ("
            + EngineErrors.message(e)
            + "); ./joyoi node image makes it",
        e);
  }
}
