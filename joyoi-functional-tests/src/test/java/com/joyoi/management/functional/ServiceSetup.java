package com.joyoi.management.functional;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.joyoi.management.model.ContainerOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a process of the service is started with.
 *
 * @param adminToken the file that the service writes it to
 * @param environment beside what this process has
 */
public record ServiceSetup(
    Path config,
    Path adminToken,
    List<String> jvmOptions,
    Map<String, String> environment,
    List<String> arguments) {

  /**
   * A configuration with both nodes and the database server, written to a folder. The service takes
   * nothing up that others left there.
   */
  static ServiceSetup of(Path folder, String name) {
    var nodes = new LinkedHashMap<String, Object>();
    for (var node : TestBed.bothNodes()) {
      var tls = TestBed.tls();
      nodes.put(
          node.name(),
          Map.of(
              "Image", node.image(),
              "Address", node.address(),
              "ClientCertificatePath", tls.clientCertificate().toString(),
              "ClientCertificatePassword", tls.password(),
              "CaCertificatePath", String.valueOf(tls.caCertificate()),
              "Container", container(node.container())));
    }
    return of(
        folder,
        Map.of(
            "ConnectionStrings",
            Map.of("DefaultConnection", TestBed.required("JOYOI_TEST_DB")),
            "TakeOver",
            Map.of("Enabled", false),
            "JoyOIManagement",
            Map.of("Name", name, "DataDir", "data", "Nodes", nodes)));
  }

  private static Map<String, Object> container(ContainerOptions options) {
    return Map.of(
        "MaxRunningJobs", options.maxRunningJobs(), "Reuse", options.sandboxes().reuse().name());
  }

  /** Any configuration, written to a folder. */
  public static ServiceSetup of(Path folder, Map<String, ?> content) {
    var config = folder.resolve("appsettings.json");
    try {
      new ObjectMapper().writeValue(config.toFile(), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ServiceSetup(
        config, folder.resolve("data/admin.token"), List.of(), Map.of(), List.of());
  }

  ServiceSetup withEnvironment(Map<String, String> variables) {
    return new ServiceSetup(config, adminToken, jvmOptions, variables, arguments);
  }

  ServiceSetup withArguments(String... values) {
    return new ServiceSetup(config, adminToken, jvmOptions, environment, List.of(values));
  }
}
