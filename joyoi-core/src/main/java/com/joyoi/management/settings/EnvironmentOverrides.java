package com.joyoi.management.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.joyoi.management.json.Faults;
import com.joyoi.management.json.OverrideText;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Puts variables such as {@code JoyOIManagement__Limitation__Memory} over the file's tree. */
final class EnvironmentOverrides {
  private static final String SEPARATOR = "__";

  private EnvironmentOverrides() {}

  /**
   * @param roots the sections at the file's top; other variables are none of ours
   */
  static void apply(
      ObjectNode tree, Map<String, String> environment, List<String> roots, Faults faults) {
    // Sorted, so that the outcome does not depend on the order of the environment.
    new TreeMap<>(environment)
        .forEach(
            (name, value) -> {
              var parts = List.of(name.split(SEPARATOR, -1));
              if (parts.size() > 1
                  && parts.stream().noneMatch(String::isEmpty)
                  && roots.stream().anyMatch(parts.getFirst()::equalsIgnoreCase)) {
                put(tree, name, parts, value, faults);
              }
            });
  }

  private static void put(
      ObjectNode tree, String variable, List<String> parts, String value, Faults faults) {
    var section = tree;
    for (var part : parts.subList(0, parts.size() - 1)) {
      var name = nameIn(section, part);
      JsonNode child = section.get(name);
      if (child == null || child.isNull()) {
        section = section.putObject(name);
      } else if (child instanceof ObjectNode object) {
        section = object;
      } else {
        faults.add(
            "environment variable "
                + variable
                + " goes into "
                + part
                + ", which is a value; it must name a section there");
        return;
      }
    }
    var leaf = nameIn(section, parts.getLast());
    if (section.get(leaf) instanceof ObjectNode) {
      faults.add(
          "environment variable " + variable + " names a section; it must name a single key");
      return;
    }
    section.set(leaf, new OverrideText(value).toNode());
  }

  /** The name as the file writes it, else as the variable does. */
  private static String nameIn(ObjectNode section, String part) {
    for (var field : section.properties()) {
      if (field.getKey().equalsIgnoreCase(part)) {
        return field.getKey();
      }
    }
    return part;
  }
}
