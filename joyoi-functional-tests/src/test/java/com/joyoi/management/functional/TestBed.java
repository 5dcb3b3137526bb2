package com.joyoi.management.functional;

import com.joyoi.management.docker.ContainerSummary;
import com.joyoi.management.functional.docker.LiveNode;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.model.SandboxOptions;
import com.joyoi.management.model.SandboxOptions.Reuse;
import com.joyoi.management.settings.ServiceOptions;
import com.joyoi.management.settings.TakeOverOptions;
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
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The nodes and the database that {@code ./joyoi test} started, as the environment names them; or
 * those of an operator, see {@link LiveConfiguration}.
 */
public final class TestBed {
  /** Part of the name of everything that these tests make where others have things, too. */
  public static final String RUN = UUID.randomUUID().toString().replace("-", "");

  /** Of an operator's node, which has other work. */
  private static final int JOBS_ON_OPERATORS_NODE = 2;

  private TestBed() {}

  /** A name for a service that nobody else has. */
  public static String serviceName(String title) {
    return title + "-" + RUN;
  }

  /** Whether a container was made by these tests; on the test bed there are no others. */
  public static boolean isOurs(ContainerSummary container) {
    return LiveConfiguration.current().isEmpty()
        || container.labels().getOrDefault("com.joyoi.service", "").endsWith("-" + RUN);
  }

  /** A variable that the test bed sets. */
  public static String required(String name) {
    var value = System.getenv(name);
    if (value == null || value.isBlank()) {
      throw new IllegalStateException(
          name + " is not set: these tests need live nodes; run them with ./joyoi test");
    }
    return value;
  }

  /** Node 1 or 2, over mutual TLS; node 3 answers, and fails every run. */
  public static NodeOptions node(int number, int maxRunningJobs) {
    return new NodeOptions(
        "docker-" + number,
        required("JOYOI_TEST_IMAGE"),
        required("JOYOI_TEST_NODE_" + number),
        tls(),
        ContainerOptions.DEFAULTS.withMaxRunningJobs(maxRunningJobs).withSandboxes(sandboxes()));
  }

  /** The defaults, under {@link #reuse()}. */
  public static SandboxOptions sandboxes() {
    return SandboxOptions.DEFAULTS.withReuse(reuse());
  }

  /**
   * Of the sandboxes of all services that the tests start: {@code JOYOI_TEST_REUSE}, as a
   * configuration has it, else the default.
   */
  public static Reuse reuse() {
    var value = System.getenv("JOYOI_TEST_REUSE");
    return value == null || value.isEmpty()
        ? SandboxOptions.DEFAULTS.reuse()
        : Reuse.valueOf(value.toUpperCase(Locale.ROOT));
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

  /** Both nodes of the test bed, or the one of an operator whose turn it is. */
  public static List<NodeOptions> nodes() {
    return LiveConfiguration.current().isEmpty()
        ? bothNodes()
        : List.of(
            LiveNode.options(LiveNode.container().withMaxRunningJobs(JOBS_ON_OPERATORS_NODE)));
  }

  /**
   * A database that the tests may write to: that of the test bed, or one of their own on the
   * operator's server; null, for the embedded one, where there can't be one.
   */
  public static ServiceOptions.@Nullable Database database() {
    return LiveConfiguration.current()
        .map(LiveConfiguration::scratch)
        .orElseGet(() -> LiveConfiguration.current().isPresent() ? null : bedDatabase());
  }

  /** The MySQL-family server, and on it the database that is configured. */
  public static ServiceOptions.Database server() {
    return LiveConfiguration.current()
        .map(LiveConfiguration::server)
        .orElseGet(TestBed::bedDatabase);
  }

  private static ServiceOptions.Database bedDatabase() {
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

  /**
   * A service of that name on {@link #nodes()}. It takes nothing up: others that share its database
   * are none of its business.
   */
  public static ServiceOptions options(
      String name, Path dataDir, ServiceOptions.@Nullable Database database) {
    return ServiceOptions.builder()
        .name(name)
        .dataDir(dataDir)
        .database(database)
        .nodes(nodes())
        .takeOver(new TakeOverOptions(false, TakeOverOptions.DEFAULTS.lease()))
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
