package com.joyoi.management.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Where the delivery of an instance's end stands. */
public enum DeliveryStatus {
  WAITING("Waiting"),
  DELIVERED("Delivered"),
  GIVEN_UP("GivenUp");

  private final String wireName;

  DeliveryStatus(String wireName) {
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
  public static DeliveryStatus parse(String text) {
    return WireNames.parse(values(), DeliveryStatus::wireName, text);
  }
}
