package com.joyoi.management.functional.bench;

import java.util.Locale;

/**
 * What a row is to reach, and what it aims at.
 *
 * @param atMost whether less is better
 */
record Goal(boolean atMost, double mustReach, double aim) {
  static Goal atMost(double mustReach, double aim) {
    return new Goal(true, mustReach, aim);
  }

  static Goal atLeast(double mustReach, double aim) {
    return new Goal(false, mustReach, aim);
  }

  /** How far from what must be reached: 1 is there, less is better, whatever the direction. */
  double distance(double value) {
    return atMost ? value / mustReach : mustReach / value;
  }

  /** The distance of the aim. */
  double distanceOfAim() {
    return distance(aim);
  }

  String verdict(double value) {
    if (distance(value) > 1) {
      return "missed";
    }
    return distance(value) <= distanceOfAim() ? "aim reached" : "reached";
  }

  String text(double bound) {
    var number =
        bound >= 100
            ? String.format(Locale.ROOT, "%,.0f", bound)
            : String.valueOf(bound).replaceFirst("\\.0$", "");
    return (atMost ? "≤ " : "≥ ") + number;
  }
}
