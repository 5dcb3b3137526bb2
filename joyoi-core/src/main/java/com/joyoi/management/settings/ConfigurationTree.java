package com.joyoi.management.settings;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.error.NearestName;
import com.joyoi.management.json.Faults;
import com.joyoi.management.json.JsonSection;
import com.joyoi.management.json.WireJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A configuration while it is read: its sections, and all that is wrong with them. For one use; not
 * thread-safe.
 */
public final class ConfigurationTree {
  /**
   * The sections at the top of the file; the service's own program reads all of them, a program
   * that embeds the core only those of the core.
   */
  private static final List<String> ROOTS =
      List.of(
          "ConnectionStrings",
          "Logging",
          "Kestrel",
          "Http",
          "Access",
          "Retention",
          "Notify",
          "Callback",
          "TakeOver",
          "Discovery",
          "JoyOIManagement");

  private final Path folder;
  private final Faults faults = new Faults();
  private final List<String> warnings = new ArrayList<>();
  private final List<JsonSection> read = new ArrayList<>();
  private final JsonSection root;

  private ConfigurationTree(Path folder, ObjectNode tree, Map<String, String> environment) {
    this.folder = folder;
    EnvironmentOverrides.apply(tree, environment, ROOTS, faults);
    root = new JsonSection("", tree, faults);
    ROOTS.forEach(root::has);
    track(root);
  }

  /**
   * Reads a file; relative paths count from its folder.
   *
   * @param environment whose variables override single keys
   * @throws ConfigurationException when it can't be read, or is no JSON object
   */
  public static ConfigurationTree of(Path file, Map<String, String> environment) {
    var absolute = file.toAbsolutePath();
    var parent = absolute.getParent();
    return new ConfigurationTree(parent == null ? absolute : parent, tree(file), environment);
  }

  /** Without a file; relative paths count from a folder. */
  public static ConfigurationTree empty(Path folder, Map<String, String> environment) {
    return new ConfigurationTree(folder, JsonNodeFactory.instance.objectNode(), environment);
  }

  private static ObjectNode tree(Path file) {
    try {
      return WireJson.readConfiguration(Files.readAllBytes(file), file.toString());
    } catch (IOException e) {
      throw new ConfigurationException(List.of(file + " can't be read: " + e));
    } catch (JoyoiException e) {
      throw new ConfigurationException(List.of(String.valueOf(e.getMessage())));
    }
  }

  /** A section at the top. */
  public JsonSection section(String name) {
    return section(root, name);
  }

  /** Whether a section stands at the top. */
  boolean has(String name) {
    return root.has(name);
  }

  /** The section, or an empty one, so that readers need no case for its absence. */
  public JsonSection section(JsonSection parent, String name) {
    var found = parent.section(name);
    var section =
        found == null
            ? new JsonSection(parent.pathOf(name), JsonNodeFactory.instance.objectNode(), faults)
            : found;
    track(section);
    return section;
  }

  /** Has unknown keys of a section told that did not come from here. */
  public void track(JsonSection section) {
    read.add(section);
  }

  /** A path, which counts from the folder of the file; null when it is absent or empty. */
  public @Nullable Path path(JsonSection section, String name) {
    return ConfiguredPath.read(section, name, folder);
  }

  public Faults faults() {
    return faults;
  }

  /** What the core is configured with, to be built when nothing was wrong. */
  public ServiceOptions.Builder service() {
    return new ServiceReader(this).read();
  }

  Path folder() {
    return folder;
  }

  List<String> warnings() {
    return warnings;
  }

  /**
   * Ends the reading.
   *
   * @return what the operator should know, such as unknown keys
   * @throws ConfigurationException with every fault found, and the warnings
   */
  public List<String> finish() {
    for (var section : read) {
      for (var name : section.unasked()) {
        var nearest =
            NearestName.of(name, section.asked())
                .map(known -> "; the nearest known key is " + section.pathOf(known))
                .orElse("");
        warnings.add("unknown key " + section.pathOf(name) + " is ignored" + nearest);
      }
    }
    if (!faults.isEmpty()) {
      // What is missing may stand under an unknown key.
      throw new ConfigurationException(faults.messages(), warnings);
    }
    return List.copyOf(warnings);
  }
}
