package com.joyoi.management.settings;

import com.joyoi.management.json.JsonSection;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.NodeOptions;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the {@code Nodes} section. */
final class NodesReader {
  private static final Set<String> SCHEMES = Set.of("http", "https", "tcp");

  private final ConfigurationTree tree;
  private final ContainerOptions container;

  NodesReader(ConfigurationTree tree, ContainerOptions container) {
    this.tree = tree;
    this.container = container;
  }

  List<NodeOptions> read(@Nullable JsonSection nodes) {
    if (nodes == null) {
      return List.of(NodeOptions.LOCAL.with(container));
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

  private NodeOptions node(String name, JsonSection section) {
    tree.track(section);
    var image = section.text("Image");
    if (image != null && image.isBlank()) {
      section.faults().add(section.pathOf("Image"), image, "the name of a Docker image");
    }
    var ownContainer = section.section("Container");
    if (ownContainer != null) {
      tree.track(ownContainer);
    }
    return new NodeOptions(
        name,
        image == null ? NodeOptions.LOCAL.image() : image,
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
              "like http://host:2376, https://host:2376, tcp://host:2376 or "
                  + NodeOptions.LOCAL.address());
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
    var certificate = tree.path(section, "ClientCertificatePath");
    var password = section.secret("ClientCertificatePassword");
    var ca = tree.path(section, "CaCertificatePath");
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
}
