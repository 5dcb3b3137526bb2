package com.joyoi.management.model;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reading of enumerations that the wire contract allows as names or as numbers. */
final class WireNames {
  private WireNames() {}

  static <E extends Enum<E>> E parse(E[] values, Function<E, String> wireName, String text) {
    var trimmed = text.trim();
    for (var value : values) {
      if (wireName.apply(value).equalsIgnoreCase(trimmed)
          || Integer.toString(value.ordinal()).equals(trimmed)) {
        return value;
      }
    }
    throw new IllegalArgumentException(
        "'"
            + text
            + "' is none of "
            + Arrays.stream(values)
                .map(value -> wireName.apply(value) + " (" + value.ordinal() + ")")
                .collect(Collectors.joining(", ")));
  }
}
