package com.joyoi.management.docker;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** One line of a list of containers. Names come without the leading slash. */
public record ContainerSummary(
    String id, List<String> names, Map<String, String> labels, State state, Instant created) {
  /** What a container does. */
  public enum State {
    /** It was not started yet. */
    CREATED,
    RUNNING,
    ENDED,
    /** It is about to be something else, or paused: something of it may run. */
    OTHER
  }

  public ContainerSummary {
    names = List.copyOf(names);
    labels = Map.copyOf(labels);
  }

  /** Its first name, or its id when it has none. */
  public String name() {
    return names.isEmpty() ? id : names.getFirst();
  }

  public boolean running() {
    return state == State.RUNNING;
  }
}
