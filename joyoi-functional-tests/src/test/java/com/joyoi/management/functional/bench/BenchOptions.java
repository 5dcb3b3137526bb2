package com.joyoi.management.functional.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the launcher asks for.
 *
 * @param rows names of rows, empty for all
 * @param quick only shows that the rows work
 * @param out folder for what is written
 * @param doc the document whose table is replaced, null for none
 * @param jvmOptions of the service, as the launcher starts it
 * @param list only checks the names of the rows, and prints all rows
 */
record BenchOptions(
    List<String> rows,
    boolean quick,
    boolean profile,
    Path out,
    @Nullable Path doc,
    List<String> jvmOptions,
    boolean list) {

  /**
   * @throws IllegalArgumentException for what is no argument
   */
  static BenchOptions parse(String... arguments) {
    var rows = List.<String>of();
    var jvmOptions = new ArrayList<String>();
    boolean quick = false;
    boolean profile = false;
    boolean list = false;
    var out = Path.of("bench");
    Path doc = null;
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--quick" -> quick = true;
        case "--profile" -> profile = true;
        case "--list" -> list = true;
        case "--rows" -> rows = List.of(value(arguments, ++i).split(",", -1));
        case "--out" -> out = Path.of(value(arguments, ++i));
        case "--doc" -> doc = Path.of(value(arguments, ++i));
        case "--jvm-option" -> jvmOptions.add(value(arguments, ++i));
        default -> throw new IllegalArgumentException("unknown argument " + arguments[i]);
      }
    }
    return new BenchOptions(
        rows, quick, profile, out.toAbsolutePath(), doc, List.copyOf(jvmOptions), list);
  }

  private static String value(String[] arguments, int index) {
    if (index >= arguments.length) {
      throw new IllegalArgumentException(arguments[index - 1] + " needs a value");
    }
    return arguments[index];
  }
}
