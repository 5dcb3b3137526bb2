package com.joyoi.management.settings;

import com.joyoi.management.json.JsonSection;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.settings.DiscoveryOptions.NodeDefaults;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the {@code Nodes} section, and how other nodes are used than those. */
final class NodesReader {
  private final ConfigurationTree tree;
  private final NodeReader reader;

  NodesReader(ConfigurationTree tree, ContainerOptions container) {
    this.tree = tree;
    reader = new NodeReader(tree.folder(), NodeDefaults.of(container), tree::track);
  }

  /**
   * @param discovery whether nodes may come while the service runs, so that it may begin with none
   */
  List<NodeOptions> read(@Nullable JsonSection nodes, boolean discovery) {
    if (nodes == null) {
      return List.of(NodeOptions.LOCAL.with(reader.container()));
    }
    var options = new ArrayList<NodeOptions>();
    for (var node : nodes.sections()) {
      options.add(reader.read(node.getKey(), node.getValue()));
    }
    if (options.isEmpty() && !discovery) {
      nodes
          .faults()
          .add(
              nodes.path()
                  + " is empty; it must name at least one node, or be left out for the local Docker"
                  + " engine, or the section Discovery must stand in the file");
    }
    return options;
  }

  /** The section {@code Discovery}. */
  DiscoveryOptions discovery(JsonSection section) {
    var swarm = section.section("Swarm");
    return new DiscoveryOptions(
        tree.folder(),
        reader.defaults(tree.section(section, "Nodes")),
        swarm == null ? null : reader.read("swarm", swarm));
  }
}
