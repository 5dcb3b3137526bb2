package com.joyoi.management.settings;

import com.joyoi.management.json.JsonSection;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.settings.DiscoveryOptions.NodeDefaults;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads one node, over what holds where it says nothing. */
final class NodeReader {
  private final Path folder;
  private final NodeDefaults defaults;
  private final Consumer<JsonSection> tracked;

  /**
   * @param folder from which relative paths count
   * @param tracked told each section that is read
   */
  NodeReader(Path folder, NodeDefaults defaults, Consumer<JsonSection> tracked) {
    this.folder = folder;
    this.defaults = defaults;
    this.tracked = tracked;
  }

  ContainerOptions container() {
    return defaults.container();
  }

  /** What is wrong goes to the section's faults. */
  NodeOptions read(String name, JsonSection section) {
    tracked.accept(section);
    var address = address(section);
    var container = section.section("Container");
    if (container != null) {
      tracked.accept(container);
    }
    return new NodeOptions(
        name,
        image(section),
        address,
        tls(section, address),
        ContainerReader.read(container, defaults.container()));
  }

  /** All but the address, for nodes that are to say it. */
  NodeDefaults defaults(JsonSection section) {
    var container = section.section("Container");
    if (container != null) {
      tracked.accept(container);
    }
    var password = section.secret("ClientCertificatePassword");
    return new NodeDefaults(
        image(section),
        tls(section, ""),
        password == null ? defaults.password() : password,
        ContainerReader.read(container, defaults.container()));
  }

  private String image(JsonSection section) {
    var image = section.text("Image");
    if (image != null && image.isBlank()) {
      section.faults().add(section.pathOf("Image"), image, "the name of a Docker image");
    }
    return image == null ? defaults.image() : image;
  }

  private static String address(JsonSection section) {
    var text = section.requiredText("Address");
    if (!text.isEmpty() && !OptionRules.isAddress(text)) {
      section.faults().add(section.pathOf("Address"), text, OptionRules.ADDRESS);
    }
    return text;
  }

  private NodeOptions.@Nullable Tls tls(JsonSection section, String address) {
    var own = section.text("ClientCertificatePath");
    var certificate = ConfiguredPath.read(section, "ClientCertificatePath", folder);
    var password = section.secret("ClientCertificatePassword");
    var ca = ConfiguredPath.read(section, "CaCertificatePath", folder);
    if (certificate != null) {
      return new NodeOptions.Tls(
          certificate, password == null ? defaults.password() : password, ca);
    }
    var base = defaults.tls();
    if (own == null && base != null && !address.startsWith("unix:")) {
      return new NodeOptions.Tls(
          base.clientCertificate(), base.password(), ca == null ? base.caCertificate() : ca);
    }
    if (ca != null) {
      section
          .faults()
          .add(
              section.pathOf("CaCertificatePath")
                  + " is set without ClientCertificatePath; set both or none");
    }
    return null;
  }
}
