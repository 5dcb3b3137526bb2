package com.joyoi.management.docker;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** One line of a list of containers. Names come without the leading slash. */
public record ContainerSummary(
    String id, List<String> names, Map<String, String> labels, boolean running, Instant created) {
  public ContainerSummary {
    names = List.copyOf(names);
    labels = Map.copyOf(labels);
  }
}
