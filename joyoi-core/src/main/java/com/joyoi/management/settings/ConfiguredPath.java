package com.joyoi.management.settings;

import com.joyoi.management.json.JsonSection;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads paths, which count from the folder of the file that they stand in. */
final class ConfiguredPath {
  private ConfiguredPath() {}

  /** Null when it is absent or empty. */
  static @Nullable Path read(JsonSection section, String name, Path folder) {
    var path =
        section.parsed(
            name,
            text -> text.isEmpty() ? Path.of("") : folder.resolve(text).normalize(),
            "a path");
    return path == null || path.equals(Path.of("")) ? null : path;
  }
}
