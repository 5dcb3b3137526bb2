package com.joyoi.management.functional.ownnodes;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Turns the names of tests into words. */
final class Wording {
  private Wording() {}

  /** {@code HostileOutputTest} is "hostile output". */
  static String ofClass(String simpleName) {
    return words(simpleName.replaceFirst("Test$", ""));
  }

  /** {@code memory_exceeded_isCalledOutOfMemory} is "memory exceeded: is called out of memory". */
  static String ofMethod(String name) {
    var parts = Arrays.stream(name.split("_")).map(Wording::words).toList();
    var last = parts.size() - 1;
    return last == 0
        ? parts.get(0)
        : parts.subList(0, last).stream().collect(Collectors.joining(" ")) + ": " + parts.get(last);
  }

  private static String words(String camelCase) {
    return camelCase
        .replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ")
        .toLowerCase(Locale.ROOT);
  }
}
