package com.joyoi.management.json;

import com.joyoi.management.error.NearestName;
import com.joyoi.management.model.Limit;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.LimitationChange;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** Reads the limits of an actor run and of its instance. Faults go to the section's. */
public final class LimitationReader {
  private static final String ENABLE_NETWORK = "enableNetwork";
  private static final String ULIMIT = "ulimit";

  private LimitationReader() {}

  /** Of a configuration: null and absent inherit; only {@code MemorySwap} may be 0. */
  public static Limitation read(JsonSection section) {
    return read(section, LimitationReader::inFile);
  }

  /** As a configuration spells it; {@code cpuPeriod} is {@code CPUPeriod} there. */
  private static String inFile(String key) {
    return key.startsWith("cpu")
        ? "CPU" + key.substring(3)
        : key.substring(0, 1).toUpperCase(Locale.ROOT) + key.substring(1);
  }

  private static Limitation read(JsonSection section, UnaryOperator<String> spelling) {
    var limitation = Limitation.builder();
    for (var limit : Limit.values()) {
      var name = spelling.apply(limit.key());
      limit.set(limitation, section.number(name, limit.min(), limit.max(), limit.expected()));
    }
    return limitation
        .enableNetwork(section.flag(spelling.apply(ENABLE_NETWORK)))
        .ulimit(section.numbers(spelling.apply(ULIMIT), 1))
        .build();
  }

  /** Of a request: null removes a key, and an unknown key is a fault. */
  public static LimitationChange readChange(JsonSection section) {
    var change = LimitationChange.of(read(section, UnaryOperator.identity()));
    for (var key : Limitation.KEYS) {
      if (section.isNull(key)) {
        change = change.without(key);
      }
    }
    for (var name : section.nulls(ULIMIT)) {
      change = change.without(ULIMIT + "." + name);
    }
    for (var unknown : section.unasked()) {
      var nearest = NearestName.of(unknown, Limitation.KEYS).orElseThrow();
      section
          .faults()
          .add(
              section.pathOf(unknown)
                  + " is no limit; the nearest one is "
                  + section.pathOf(nearest));
    }
    return change;
  }

  /**
   * As deployed clients send it, who fill in what they do not mean: numbers that are 0 or negative,
   * null and unknown keys are the same as absent.
   */
  public static Limitation readLeniently(JsonSection section) {
    var limitation = Limitation.builder();
    for (var limit : Limit.values()) {
      var value = section.number(limit.key(), Long.MIN_VALUE, limit.max(), limit.expected());
      if (value != null && value > 0 && value < limit.min()) {
        section.faults().add(section.pathOf(limit.key()), value, limit.expected());
      } else if (value != null && value > 0) {
        limit.set(limitation, value);
      }
    }
    var ulimit = section.numbers(ULIMIT, Long.MIN_VALUE);
    if (ulimit != null) {
      ulimit.values().removeIf(value -> value <= 0);
    }
    return limitation
        .enableNetwork(section.flag(ENABLE_NETWORK))
        .ulimit(ulimit == null || ulimit.isEmpty() ? null : ulimit)
        .build();
  }
}
