package com.joyoi.management.model;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A service as its database knows it; all times are of the database's clock.
 *
 * @param session random id of its last start
 * @param startedAt when that was, null when an older version started it
 * @param lastHeard its last heartbeat
 * @param runningInstances those that it ran when it was last heard
 * @param nodes names of the Docker nodes that it was started with
 */
public record ServiceStatus(
    String name,
    String session,
    @Nullable Instant startedAt,
    Instant lastHeard,
    ServiceState state,
    int runningInstances,
    List<String> nodes) {
  public ServiceStatus {
    nodes = List.copyOf(nodes);
  }
}
