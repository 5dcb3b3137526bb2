package com.joyoi.management.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Where one actor run stands. The ordinals are the numbers of the wire contract. */
public enum ActorStatus {
  RUNNING("Running"),
  FAILED("Failed"),
  SUCCEEDED("Succeeded");

  private final String wireName;

  ActorStatus(String wireName) {
    this.wireName = wireName;
  }

  /** The name on the wire and in the database. */
  @JsonValue
  public String wireName() {
    return wireName;
  }

  /**
   * Reads a name (without regard to case) or a number.
   *
   * @throws IllegalArgumentException naming the value and what would be right
   */
  @JsonCreator
  public static ActorStatus parse(String text) {
    return WireNames.parse(values(), ActorStatus::wireName, text);
  }
}
