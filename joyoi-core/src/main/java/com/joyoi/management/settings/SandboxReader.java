package com.joyoi.management.settings;

import com.joyoi.management.json.JsonSection;
import com.joyoi.management.model.SandboxOptions;
import com.joyoi.management.model.SandboxOptions.Reuse;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads how sandboxes are kept from a {@code Container} section. */
final class SandboxReader {
  /** More on one engine is a mistake in the file. */
  private static final int MAX_SANDBOXES = 1_000;

  private static final int MAX_IDLE_SECONDS = 24 * 60 * 60;

  private SandboxReader() {}

  static SandboxOptions read(JsonSection section, SandboxOptions base) {
    return new SandboxOptions(
        reuse(section, base.reuse()),
        number(section, "WarmSandboxes", 0, MAX_SANDBOXES, base.warm()),
        number(section, "IdleSandboxes", 0, MAX_SANDBOXES, base.idle()),
        number(section, "IdleSeconds", 1, MAX_IDLE_SECONDS, base.idleSeconds()),
        number(section, "TmpfsPercent", 1, 100, base.tmpfsPercent()),
        number(section, "TmpfsInodes", 64, 10_000_000, base.tmpfsInodes()));
  }

  private static int number(JsonSection section, String name, int min, int max, int base) {
    var value = section.number(name, min, max);
    return value == null ? base : value.intValue();
  }

  private static Reuse reuse(JsonSection section, Reuse base) {
    @Nullable Reuse value =
        section.parsed(
            "Reuse",
            text -> Reuse.valueOf(text.toUpperCase(Locale.ROOT)),
            Arrays.stream(Reuse.values())
                .map(it -> it.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", ")));
    return value == null ? base : value;
  }
}
