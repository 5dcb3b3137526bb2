package com.joyoi.management.settings;

import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.NodeOptions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How nodes are used that the configuration does not name.
 *
 * @param folder from which relative paths of certificates count
 * @param nodes for those that an administrator puts
 * @param swarm a manager of the swarm whose nodes are used, and, but for name and address, what
 *     holds for each of those; null for none
 */
public record DiscoveryOptions(Path folder, NodeDefaults nodes, @Nullable NodeOptions swarm) {
  /** Nodes that are put say all that differs from the defaults; no swarm is looked at. */
  public static final DiscoveryOptions DEFAULTS =
      new DiscoveryOptions(Path.of(""), NodeDefaults.of(ContainerOptions.DEFAULTS), null);

  /**
   * What holds for a node that does not say otherwise.
   *
   * @param image of Docker
   * @param tls null for none
   * @param password of client certificates, also of those that nodes name
   */
  public record NodeDefaults(
      String image, NodeOptions.@Nullable Tls tls, String password, ContainerOptions container) {
    /** Without certificates. */
    public static NodeDefaults of(ContainerOptions container) {
      return new NodeDefaults(NodeOptions.LOCAL.image(), null, "", container);
    }

    @Override
    public String toString() {
      return "NodeDefaults[image=" + image + ", tls=" + tls + ", container=" + container + "]";
    }
  }
}
