package com.joyoi.management.docker;

import java.util.Map;

/**
 * A machine of a swarm, as one of its managers knows it.
 *
 * @param id for as long as it belongs to the swarm
 * @param hostName as its engine tells it; several may have the same
 * @param address without a port; empty when the manager knows none
 * @param isReady whether the manager hears of it
 * @param isActive whether it is neither drained nor paused
 * @param labels that were put on it in the swarm
 */
public record SwarmMember(
    String id,
    String hostName,
    String address,
    boolean isReady,
    boolean isActive,
    Map<String, String> labels) {
  public SwarmMember {
    labels = Map.copyOf(labels);
  }
}
