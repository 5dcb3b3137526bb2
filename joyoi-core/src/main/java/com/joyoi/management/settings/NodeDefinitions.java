package com.joyoi.management.settings;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.json.Faults;
import com.joyoi.management.json.JsonSection;
import com.joyoi.management.json.WireJson;
import com.joyoi.management.model.NodeDefinition;
import com.joyoi.management.model.NodeOptions;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.regex.Pattern;

/** Reads what administrators put as nodes, by this service's configuration. Thread-safe. */
public final class NodeDefinitions {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  /** Stands for all nodes in paths. */
  private static final String RESERVED = "all";

  private static final String NAME_RULE =
      "1 to 100 characters, letters of English, digits, '.', '_' and '-', the first a letter or"
          + " digit, and not 'All'";

  private final DiscoveryOptions options;

  public NodeDefinitions(DiscoveryOptions options) {
    this.options = options;
  }

  /**
   * The node as this service uses it. The certificates need not be there.
   *
   * @throws JoyoiException INVALID, with all that is wrong
   */
  public NodeOptions read(String name, NodeDefinition definition) {
    var faults = new Faults();
    var node = read(name, section(definition, faults));
    faults.throwIfAny();
    return node;
  }

  /**
   * The same before it is kept.
   *
   * @return the definition without what nobody knows
   * @throws JoyoiException INVALID, with all that is wrong, the name included
   */
  public NodeDefinition checked(String name, NodeDefinition definition) {
    var faults = new Faults();
    if (!NAME.matcher(name).matches() || name.toLowerCase(Locale.ROOT).equals(RESERVED)) {
      faults.add("the node's name", name, NAME_RULE);
    }
    var section = section(definition, faults);
    var unused = read(name, section);
    faults.throwIfAny();
    var container = section.section("container");
    if (container == null) {
      return definition;
    }
    // Asks for every name that is known.
    ContainerReader.read(container, options.nodes().container());
    var known = new LinkedHashMap<>(definition.container());
    container.unasked().forEach(known::remove);
    return new NodeDefinition(
        definition.image(),
        definition.address(),
        definition.clientCertificatePath(),
        definition.caCertificatePath(),
        known);
  }

  private NodeOptions read(String name, JsonSection section) {
    return new NodeReader(options.folder(), options.nodes(), it -> {}).read(name, section);
  }

  private static JsonSection section(NodeDefinition definition, Faults faults) {
    return new JsonSection("", WireJson.responses().<ObjectNode>valueToTree(definition), faults);
  }
}
