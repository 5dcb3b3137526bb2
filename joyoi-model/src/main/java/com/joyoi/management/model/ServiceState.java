package com.joyoi.management.model;

import com.fasterxml.jackson.annotation.JsonValue;

/** Whether a service lives, as its database knows it. */
public enum ServiceState {
  /** It is heard of. */
  RUNNING("Running"),
  /** It was not heard of for its whole lease: it is dead, or can't reach the database. */
  SILENT("Silent"),
  /** It stopped, and gave its name back. */
  STOPPED("Stopped");

  private final String wireName;

  ServiceState(String wireName) {
    this.wireName = wireName;
  }

  /** The name on the wire. */
  @JsonValue
  public String wireName() {
    return wireName;
  }
}
