package com.joyoi.management.settings;

import com.joyoi.management.json.JsonSection;
import com.joyoi.management.model.ContainerFolders;
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
  static final int MAX_JOBS = 10_000;

  private ContainerReader() {}

  static ContainerOptions read(@Nullable JsonSection section, ContainerOptions base) {
    if (section == null) {
      return base;
    }
    var jobs = section.number("MaxRunningJobs", 1, MAX_JOBS);
    var workDir = workDir(section, base.workDir());
    var executable = programPath(section, "ActorExecutablePath", "", workDir);
    var code = programPath(section, "ActorCodePath", "", workDir);
    return new ContainerOptions(
        devicePath(section, base.devicePath()),
        jobs == null ? base.maxRunningJobs() : jobs.intValue(),
        workDir,
        !executable.isEmpty() ? executable : !code.isEmpty() ? code : base.actorExecutablePath(),
        command(section, base.actorExecuteCommand()),
        leftPath(section, "ActorExecuteLogPath", base.actorExecuteLogPath(), workDir),
        leftPath(section, "ResultPath", base.resultPath(), workDir),
        transport(section, base.transport()),
        SandboxReader.read(section, base.sandboxes()));
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

  /** Of a file that is put into the container before it runs. */
  private static String programPath(JsonSection section, String name, String base, String workDir) {
    var path = leftPath(section, name, base, workDir);
    if (isElsewhere(path, workDir)
        && !ContainerFolders.isMounted(path)
        && ContainerFolders.isOfTheSystem(path)) {
      section
          .faults()
          .add(
              section.pathOf(name),
              path,
              "below WorkDir or in a folder of its own, such as /actor/; to put a file below /"
                  + ContainerFolders.top(path)
                  + " would change a folder of the image's system");
    }
    return path;
  }

  /** Of a file that the run leaves. */
  private static String leftPath(JsonSection section, String name, String base, String workDir) {
    var text = section.text(name);
    if (text == null) {
      return base;
    }
    if (text.isBlank() || text.endsWith("/") || climbs(text)) {
      section
          .faults()
          .add(section.pathOf(name), text, "a file path relative to WorkDir, without ..");
    } else if (text.startsWith("/") && (text.contains("//") || workDir.startsWith(text + "/"))) {
      section.faults().add(section.pathOf(name), text, "the path of a file");
    } else if (isElsewhere(text, workDir) && ContainerFolders.isMounted(text)) {
      section
          .faults()
          .add(
              section.pathOf(name),
              text,
              "below WorkDir or in a folder of the image; what is put below /"
                  + ContainerFolders.top(text)
                  + " is lost when the container starts or ends");
    }
    return text;
  }

  private static boolean isElsewhere(String path, String workDir) {
    return path.startsWith("/") && !path.startsWith(workDir);
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
