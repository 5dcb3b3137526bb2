package com.joyoi.management.docker;

import com.github.dockerjava.api.model.SwarmNode;
import com.github.dockerjava.api.model.SwarmNodeAvailability;
import com.github.dockerjava.api.model.SwarmNodeState;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the library has of a swarm's machines; it leaves out whatever the manager does. */
final class SwarmMembers {
  /** What managers that were told no address say of themselves. */
  private static final String ANY_ADDRESS = "0.0.0.0";

  private SwarmMembers() {}

  static SwarmMember of(SwarmNode node) {
    var spec = node.getSpec();
    var status = node.getStatus();
    var description = node.getDescription();
    var labels = spec == null ? null : spec.getLabels();
    var hostName = description == null ? null : description.getHostname();
    return new SwarmMember(
        node.getId(),
        hostName == null ? "" : hostName,
        address(node),
        status != null && status.getState() == SwarmNodeState.READY,
        spec == null || spec.getAvailability() == SwarmNodeAvailability.ACTIVE,
        labels == null ? Map.of() : labels);
  }

  private static String address(SwarmNode node) {
    var own = known(node.getStatus() == null ? null : node.getStatus().getAddress());
    var manager = node.getManagerStatus() == null ? null : node.getManagerStatus().getAddr();
    return own.isEmpty() && manager != null ? known(manager.replaceFirst(":[0-9]+$", "")) : own;
  }

  private static String known(@Nullable String address) {
    return address == null || address.equals(ANY_ADDRESS) ? "" : address;
  }
}
