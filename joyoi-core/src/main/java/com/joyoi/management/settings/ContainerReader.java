package com.joyoi.management.settings;

import com.joyoi.management.json.JsonSection;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.ContainerOptions.Transport;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads a {@code Container} section over the less specific one. */
final class ContainerReader {
  /** More than this on one engine is a mistake in the file, not a big machine. */
  private static final int MAX_JOBS = 10_000;

  private ContainerReader() {}

  static ContainerOptions read(@Nullable JsonSection section, ContainerOptions base) {
    if (section == null) {
      return base;
    }
    var jobs = section.number("MaxRunningJobs", 1, MAX_JOBS);
    var executable = relativeFile(section, "ActorExecutablePath", "");
    var code = relativeFile(section, "ActorCodePath", "");
    return new ContainerOptions(
        devicePath(section, base.devicePath()),
        jobs == null ? base.maxRunningJobs() : jobs.intValue(),
        workDir(section, base.workDir()),
        !executable.isEmpty() ? executable : !code.isEmpty() ? code : base.actorExecutablePath(),
        command(section, base.actorExecuteCommand()),
        relativeFile(section, "ActorExecuteLogPath", base.actorExecuteLogPath()),
        relativeFile(section, "ResultPath", base.resultPath()),
        transport(section, base.transport()));
  }

  private static @Nullable String devicePath(JsonSection section, @Nullable String base) {
    var text = section.text("DevicePath");
    if (text != null && !text.isEmpty() && !text.startsWith("/")) {
      section.faults().add(section.pathOf("DevicePath"), text, "an absolute path, or empty");
    }
    return text == null ? base : text.isEmpty() ? null : text;
  }

  private static String workDir(JsonSection section, String base) {
    var text = section.text("WorkDir");
    if (text == null) {
      return base;
    }
    if (!text.startsWith("/") || !text.endsWith("/") || text.length() < 3 || climbs(text)) {
      section
          .faults()
          .add(section.pathOf("WorkDir"), text, "an absolute path that ends with /, not the root");
    }
    return text;
  }

  private static String relativeFile(JsonSection section, String name, String base) {
    var text = section.text(name);
    if (text == null) {
      return base;
    }
    if (text.isBlank() || text.startsWith("/") || text.endsWith("/") || climbs(text)) {
      section
          .faults()
          .add(section.pathOf(name), text, "a file path relative to WorkDir, without ..");
    }
    return text;
  }

  private static boolean climbs(String path) {
    return List.of(path.split("/")).contains("..")
        || path.chars().anyMatch(Character::isISOControl);
  }

  private static String command(JsonSection section, String base) {
    var text = section.text("ActorExecuteCommand");
    if (text != null && text.isBlank()) {
      section.faults().add(section.pathOf("ActorExecuteCommand"), text, "a command for bash");
    }
    return text == null ? base : text;
  }

  private static Transport transport(JsonSection section, Transport base) {
    var known =
        Arrays.stream(Transport.values())
            .map(value -> value.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(" or "));
    var value =
        section.parsed(
            "Transport", text -> Transport.valueOf(text.toUpperCase(Locale.ROOT)), known);
    return value == null ? base : value;
  }
}
