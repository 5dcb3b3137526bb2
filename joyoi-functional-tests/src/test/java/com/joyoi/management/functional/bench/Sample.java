package com.joyoi.management.functional.bench;

import org.jspecify.annotations.Nullable;

/**
 * What one round gave.
 *
 * @param ours in the row's unit
 * @param reference taken right after it, in the unit of the reference; null for rows without one
 * @param value what the goal is about
 */
record Sample(double ours, @Nullable Double reference, double value) {
  static Sample ratio(double ours, double reference) {
    return new Sample(ours, reference, ours / reference);
  }

  /** The goal is about the measured value itself. */
  static Sample absolute(double ours) {
    return new Sample(ours, null, ours);
  }

  /**
   * The value is how many are done in the time of one bare container.
   *
   * @param perSecond ours
   * @param floorMillis the reference
   */
  static Sample perFloor(double perSecond, double floorMillis) {
    return new Sample(perSecond, floorMillis, perSecond * floorMillis / 1000);
  }
}
