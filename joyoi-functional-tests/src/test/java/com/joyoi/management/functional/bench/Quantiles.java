package com.joyoi.management.functional.bench;

import java.util.List;

/** The median of a few values, and between which values their middle half lies. */
record Quantiles(double lower, double median, double upper) {
  static Quantiles of(List<Double> values) {
    var sorted = values.stream().sorted().toList();
    return new Quantiles(at(sorted, 0.25), at(sorted, 0.5), at(sorted, 0.75));
  }

  /** Between two values, in proportion. */
  private static double at(List<Double> sorted, double part) {
    double place = part * (sorted.size() - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.size() - 1);
    return sorted.get(below) + (place - below) * (sorted.get(above) - sorted.get(below));
  }
}
