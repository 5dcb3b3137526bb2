package com.joyoi.management.functional.docker;

import com.joyoi.management.docker.DockerEngine;
import com.joyoi.management.functional.LiveConfiguration;
import com.joyoi.management.functional.TestBed;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.NodeOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The node under test: the first one of the test bed, which {@code ./joyoi test} starts and
 * describes, or the one of an operator whose turn it is.
 */
public final class LiveNode {
  private LiveNode() {}

  /** A value of the environment; without it the test fails, it is never skipped. */
  public static String setting(String name) {
    var value = System.getenv(name);
    if (value == null || value.isEmpty()) {
      throw new IllegalStateException(
          name + " is not set; run the functional tests with ./joyoi test, which sets it");
    }
    return value;
  }

  public static String address() {
    return setting("JOYOI_TEST_NODE_1");
  }

  public static String image() {
    return setting("JOYOI_TEST_IMAGE");
  }

  public static String blockDevice() {
    return setting("JOYOI_TEST_BLOCK_DEVICE");
  }

  /** The folder with client.pfx, ca.pem and a file with the password. */
  public static Path certificates() {
    return Path.of(setting("JOYOI_TEST_CERTS"));
  }

  public static String password(Path certificates) {
    try {
      return Files.readString(certificates.resolve("password")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static NodeOptions options() {
    return options(container());
  }

  /** The node, used in another way. */
  public static NodeOptions options(ContainerOptions container) {
    return LiveConfiguration.current()
        .map(LiveConfiguration::requiredNode)
        .map(it -> new NodeOptions(it.name(), it.image(), it.address(), it.tls(), container))
        .orElseGet(() -> ofBed(container));
  }

  private static NodeOptions ofBed(ContainerOptions container) {
    var tls = tls(certificates(), certificates().resolve("ca.pem"));
    return new NodeOptions("node-1", image(), address(), tls, container);
  }

  public static NodeOptions.Tls tls(Path client, Path ca) {
    return new NodeOptions.Tls(client.resolve("client.pfx"), password(client), ca);
  }

  /** With the node's block device, and the paths that the tests' actors expect. */
  public static ContainerOptions container() {
    return container(
        LiveConfiguration.current()
            .map(it -> it.requiredNode().container().devicePath())
            .orElseGet(() -> LiveConfiguration.current().isPresent() ? null : blockDevice()));
  }

  public static ContainerOptions container(@Nullable String devicePath) {
    var defaults = ContainerOptions.DEFAULTS;
    return new ContainerOptions(
        devicePath,
        defaults.maxRunningJobs(),
        defaults.workDir(),
        defaults.actorExecutablePath(),
        defaults.actorExecuteCommand(),
        defaults.actorExecuteLogPath(),
        defaults.resultPath(),
        LiveConfiguration.current()
            .map(it -> it.requiredNode().container().transport())
            .orElse(defaults.transport()),
        TestBed.sandboxes());
  }

  public static DockerEngine engine() {
    return DockerEngine.connect(options());
  }
}
