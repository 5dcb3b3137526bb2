package com.joyoi.management.model;

import com.fasterxml.jackson.annotation.JsonValue;

/** Where a node is named; what stands first here wins where a name stands twice. */
public enum NodeSource {
  /** In the service's own configuration. */
  CONFIGURATION("Configuration"),
  /** In the database: it was put by an administrator. */
  DATABASE("Database"),
  /** In a swarm that is looked at. */
  SWARM("Swarm");

  private final String wireName;

  NodeSource(String wireName) {
    this.wireName = wireName;
  }

  /** The name on the wire. */
  @JsonValue
  public String wireName() {
    return wireName;
  }
}
