package com.joyoi.management.web.config;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.settings.ConfigurationException;
import com.joyoi.management.settings.ConfigurationTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the configuration file, and makes settings of it and of the environment. */
public final class SettingsLoader {
  private static final String FILE_VARIABLE = "JOYOI_CONFIG";
  private static final String DEFAULT_FILE = "appsettings.json";

  private final Map<String, String> environment;
  private final Path workingDirectory;

  public SettingsLoader(Map<String, String> environment, Path workingDirectory) {
    this.environment = Map.copyOf(environment);
    this.workingDirectory = workingDirectory;
  }

  /**
   * @param configOption what {@code --config} says, null when it is not given
   * @throws ConfigurationException with every fault found
   */
  public Settings load(@Nullable String configOption) {
    var file = find(configOption);
    var tree =
        file == null
            ? ConfigurationTree.empty(workingDirectory, environment)
            : ConfigurationTree.of(file, environment);
    return new SettingsReader(tree).read();
  }

  private @Nullable Path find(@Nullable String configOption) {
    var variable = environment.get(FILE_VARIABLE);
    if (configOption != null) {
      return existing(configOption, "--config");
    }
    if (variable != null && !variable.isEmpty()) {
      return existing(variable, FILE_VARIABLE);
    }
    var file = workingDirectory.resolve(DEFAULT_FILE);
    return Files.exists(file) ? file : null;
  }

  private Path existing(String text, String origin) {
    try {
      var file = workingDirectory.resolve(text);
      if (Files.isRegularFile(file)) {
        return file;
      }
    } catch (IllegalArgumentException e) {
      // Not even a path: the same message says so.
    }
    throw new ConfigurationException(
        List.of(JoyoiException.invalid(origin, text, "an existing file").getMessage()));
  }
}
