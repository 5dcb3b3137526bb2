package com.joyoi.management.web.config;

import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.web.json.JsonSection;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the {@code Nodes} section. */
final class NodesReader {
  private static final String IMAGE = "joyoi";
  private static final String LOCAL_ENGINE = "unix:///var/run/docker.sock";
  private static final Set<String> SCHEMES = Set.of("http", "https", "tcp");

  private final Path folder;
  private final ContainerOptions container;

  /** Sections that were read, for the search for unknown keys. */
  private final List<JsonSection> read = new ArrayList<>();

  /**
   * @param folder that relative paths count from
   */
  NodesReader(Path folder, ContainerOptions container) {
    this.folder = folder;
    this.container = container;
  }

  List<NodeOptions> read(@Nullable JsonSection nodes) {
    if (nodes == null) {
      return List.of(new NodeOptions("local", IMAGE, LOCAL_ENGINE, null, container));
    }
    var options = new ArrayList<NodeOptions>();
    for (var node : nodes.sections()) {
      options.add(node(node.getKey(), node.getValue()));
    }
    if (options.isEmpty()) {
      nodes
          .faults()
          .add(
              nodes.path()
                  + " is empty; it must name at"
                  + " least one node, or be left out for the local Docker engine");
    }
    return options;
  }

  List<JsonSection> readSections() {
    return read;
  }

  private NodeOptions node(String name, JsonSection section) {
    read.add(section);
    var image = section.text("Image");
    if (image != null && image.isBlank()) {
      section.faults().add(section.pathOf("Image"), image, "the name of a Docker image");
    }
    var ownContainer = section.section("Container");
    if (ownContainer != null) {
      read.add(ownContainer);
    }
    return new NodeOptions(
        name,
        image == null ? IMAGE : image,
        address(section),
        tls(section),
        ContainerReader.read(ownContainer, container));
  }

  private static String address(JsonSection section) {
    var text = section.requiredText("Address");
    if (!text.isEmpty() && !isAddress(text)) {
      section
          .faults()
          .add(
              section.pathOf("Address"),
              text,
              "like http://host:2376, https://host:2376, tcp://host:2376 or " + LOCAL_ENGINE);
    }
    return text;
  }

  private static boolean isAddress(String text) {
    try {
      var uri = URI.create(text);
      if ("unix".equals(uri.getScheme())) {
        return uri.getHost() == null && uri.getPath() != null && uri.getPath().length() > 1;
      }
      return uri.getScheme() != null
          && SCHEMES.contains(uri.getScheme())
          && uri.getHost() != null
          && uri.getPort() >= 1
          && uri.getPort() <= 65535
          && (uri.getPath().isEmpty() || uri.getPath().equals("/"));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private NodeOptions.@Nullable Tls tls(JsonSection section) {
    var certificate = path(section, "ClientCertificatePath");
    var password = section.secret("ClientCertificatePassword");
    var ca = path(section, "CaCertificatePath");
    if (certificate == null) {
      if (ca != null) {
        section
            .faults()
            .add(
                section.pathOf("CaCertificatePath")
                    + " is set without ClientCertificatePath; set both or none");
      }
      return null;
    }
    return new NodeOptions.Tls(certificate, password == null ? "" : password, ca);
  }

  private @Nullable Path path(JsonSection section, String name) {
    return ConfiguredPath.read(section, name, folder);
  }
}
