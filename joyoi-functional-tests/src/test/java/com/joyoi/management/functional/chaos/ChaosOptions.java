package com.joyoi.management.functional.chaos;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * What the launcher asks for.
 *
 * @param faults a pattern that is looked for in names of faults
 * @param galera whether the test bed's database is a cluster
 * @param from the first round that is run, from 1
 * @param out folder for what is written
 * @param doc the document whose table is replaced, null for none
 * @param jvmOptions of the services, as the launcher starts them
 * @param list only prints the faults
 */
record ChaosOptions(
    int rounds,
    long seed,
    Pattern faults,
    boolean galera,
    int from,
    Path out,
    @Nullable Path doc,
    List<String> jvmOptions,
    boolean list) {
  private static final int MAX_ROUNDS = 100_000;

  /**
   * @throws IllegalArgumentException for what is no argument
   */
  static ChaosOptions parse(String... arguments) {
    int rounds = 20;
    long seed = new Random().nextInt(1_000_000);
    var faults = Pattern.compile("");
    boolean galera = false;
    int from = 1;
    var out = Path.of("chaos");
    Path doc = null;
    var jvmOptions = new ArrayList<String>();
    boolean list = false;
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--rounds" -> rounds = (int) number(arguments, ++i, 1, MAX_ROUNDS);
        case "--seed" -> seed = number(arguments, ++i, Long.MIN_VALUE, Long.MAX_VALUE);
        case "--faults" -> faults = pattern(arguments, ++i);
        case "--galera" -> galera = true;
        case "--from" -> from = (int) number(arguments, ++i, 1, MAX_ROUNDS);
        case "--out" -> out = Path.of(value(arguments, ++i));
        case "--doc" -> doc = Path.of(value(arguments, ++i));
        case "--jvm-option" -> jvmOptions.add(value(arguments, ++i));
        case "--list" -> list = true;
        default -> throw new IllegalArgumentException("unknown argument " + arguments[i]);
      }
    }
    return new ChaosOptions(
        rounds,
        seed,
        faults,
        galera,
        from,
        out.toAbsolutePath(),
        doc,
        List.copyOf(jvmOptions),
        list);
  }

  private static String value(String[] arguments, int index) {
    if (index >= arguments.length) {
      throw new IllegalArgumentException(arguments[index - 1] + " needs a value");
    }
    return arguments[index];
  }

  private static long number(String[] arguments, int index, long min, long max) {
    var value = value(arguments, index);
    try {
      long number = Long.parseLong(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new IllegalArgumentException(
        "%s is '%s'; it must be a whole number from %d to %d"
            .formatted(arguments[index - 1], value, min, max));
  }

  private static Pattern pattern(String[] arguments, int index) {
    var value = value(arguments, index);
    try {
      return Pattern.compile(value);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "--faults is '%s', which is no regular expression: %s"
              .formatted(value, e.getDescription()),
          e);
    }
  }

  /** Those that are asked for. */
  List<Fault> chosen() {
    var chosen =
        Faults.all(galera).stream().filter(fault -> faults.matcher(fault.name()).find()).toList();
    if (chosen.isEmpty()) {
      throw new IllegalArgumentException(
          "--faults is '%s', which no fault has in its name".formatted(faults));
    }
    return chosen;
  }
}
