package com.joyoi.management.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** What an actor's body is written in. */
public enum ActorLanguage {
  /** Java source with a {@code main}; compiled when it is stored, run as a jar. */
  JAVA("java"),
  BASH("bash"),
  PYTHON("python");

  private final String wireName;

  ActorLanguage(String wireName) {
    this.wireName = wireName;
  }

  /** The name on the wire, in the database and in {@code JOYOI_ACTOR_LANGUAGE}. */
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
  public static ActorLanguage parse(String text) {
    return WireNames.parse(values(), ActorLanguage::wireName, text);
  }
}
