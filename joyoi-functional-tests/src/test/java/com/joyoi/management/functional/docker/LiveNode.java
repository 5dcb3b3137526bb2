package com.joyoi.management.functional.docker;

import com.joyoi.management.docker.DockerEngine;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.NodeOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The first node of the test bed, which {@code ./joyoi test} starts and describes. */
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
    return options(address(), container(blockDevice()));
  }

  /** As the configuration would have it; with certificates unless the address is a socket file. */
  public static NodeOptions options(String address, ContainerOptions container) {
    var tls =
        address.startsWith("unix:") ? null : tls(certificates(), certificates().resolve("ca.pem"));
    return new NodeOptions("node-1", image(), address, tls, container);
  }

  public static NodeOptions.Tls tls(Path client, Path ca) {
    return new NodeOptions.Tls(client.resolve("client.pfx"), password(client), ca);
  }

  public static ContainerOptions container(String devicePath) {
    return container(devicePath, ContainerOptions.DEFAULTS.transport());
  }

  public static ContainerOptions container(
      String devicePath, ContainerOptions.Transport transport) {
    var defaults = ContainerOptions.DEFAULTS;
    return new ContainerOptions(
        devicePath,
        defaults.maxRunningJobs(),
        defaults.workDir(),
        defaults.actorExecutablePath(),
        defaults.actorExecuteCommand(),
        defaults.actorExecuteLogPath(),
        defaults.resultPath(),
        transport);
  }

  public static DockerEngine engine() {
    return DockerEngine.connect(options());
  }
}
