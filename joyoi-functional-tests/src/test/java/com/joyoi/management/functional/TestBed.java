package com.joyoi.management.functional;

import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.settings.ServiceOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The nodes and the database that {@code ./joyoi test} started, as the environment names them. */
public final class TestBed {
  private TestBed() {}

  /** A variable that the test bed sets. */
  public static String required(String name) {
    var value = System.getenv(name);
    if (value == null || value.isBlank()) {
      throw new IllegalStateException(
          name + " is not set: these tests need live nodes; run them with ./joyoi test");
    }
    return value;
  }

  /** Node 1 or 2, over mutual TLS. */
  public static NodeOptions node(int number, int maxRunningJobs) {
    return new NodeOptions(
        "docker-" + number,
        required("JOYOI_TEST_IMAGE"),
        required("JOYOI_TEST_NODE_" + number),
        tls(),
        ContainerOptions.DEFAULTS.withMaxRunningJobs(maxRunningJobs));
  }

  /** The service's certificate, which both nodes know. */
  public static NodeOptions.Tls tls() {
    var certificates = Path.of(required("JOYOI_TEST_CERTS"));
    return new NodeOptions.Tls(
        certificates.resolve("client.pfx"),
        read(certificates.resolve("password")),
        certificates.resolve("ca.pem"));
  }

  public static List<NodeOptions> bothNodes() {
    return List.of(node(1, 4), node(2, 4));
  }

  /** The MySQL-family server. */
  public static ServiceOptions.Database database() {
    Map<String, String> parts = new HashMap<>();
    for (var part : required("JOYOI_TEST_DB").split(";")) {
      var equals = part.indexOf('=');
      if (equals > 0) {
        parts.put(
            part.substring(0, equals).trim().toLowerCase(Locale.ROOT), part.substring(equals + 1));
      }
    }
    return new ServiceOptions.Database(
        "jdbc:mysql://%s:%s/%s"
            .formatted(parts.get("server"), parts.get("port"), parts.get("database")),
        parts.get("user id"),
        parts.get("password"));
  }

  /** A service of that name on both nodes. */
  public static ServiceOptions options(
      String name, Path dataDir, ServiceOptions.@Nullable Database database) {
    return ServiceOptions.builder()
        .name(name)
        .dataDir(dataDir)
        .database(database)
        .nodes(bothNodes())
        .build();
  }

  /** Runs the script that controls the bed, for example {@code kill-node 2}. */
  public static void control(String... arguments) {
    var command = new ArrayList<String>();
    command.add(required("JOYOI_TEST_BED"));
    command.addAll(List.of(arguments));
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(command + " failed: " + output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).trim();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
