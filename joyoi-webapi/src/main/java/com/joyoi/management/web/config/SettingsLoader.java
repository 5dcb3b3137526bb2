package com.joyoi.management.web.config;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.web.json.Faults;
import com.joyoi.management.web.json.WireJson;
import java.io.IOException;
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
    var tree = file == null ? JsonNodeFactory.instance.objectNode() : read(file);
    var parent = file == null ? null : file.toAbsolutePath().getParent();
    var faults = new Faults();
    EnvironmentOverrides.apply(tree, environment, SettingsReader.ROOTS, faults);
    var settings =
        new SettingsReader(parent == null ? workingDirectory : parent, faults).read(tree);
    if (!faults.isEmpty()) {
      throw new ConfigurationException(faults.messages(), settings.warnings());
    }
    return settings;
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

  private static ObjectNode read(Path file) {
    try {
      return WireJson.readConfiguration(Files.readAllBytes(file), file.toString());
    } catch (IOException e) {
      throw new ConfigurationException(List.of(file + " can't be read: " + e));
    } catch (JoyoiException e) {
      throw new ConfigurationException(List.of(String.valueOf(e.getMessage())));
    }
  }
}
