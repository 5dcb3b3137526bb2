package com.joyoi.management.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Typed reading of one JSON object. Names match without regard to case, null is the same as absent,
 * nothing is coerced, and a value of the wrong type goes to {@link Faults} and reads as absent.
 *
 * <p>It remembers which names were asked for, so that the others can be told. Not thread-safe.
 */
public final class JsonSection {
  private final String path;
  private final Faults faults;
  private final Map<String, Map.Entry<String, JsonNode>> byLowerName = new LinkedHashMap<>();
  private final Set<String> asked = new LinkedHashSet<>();

  /**
   * @param path put before the names in messages; empty for the root
   */
  public JsonSection(String path, ObjectNode node, Faults faults) {
    this.path = path;
    this.faults = faults;
    for (var entry : node.properties()) {
      var earlier = byLowerName.put(lower(entry.getKey()), entry);
      if (earlier != null) {
        faults.add(
            pathOf(entry.getKey()) + " stands twice, also as '" + earlier.getKey() + "'; keep one");
      }
    }
  }

  /** The full name of this object, empty for the root. */
  public String path() {
    return path;
  }

  /** The full name of a key, for messages: as it is written, where it stands here. */
  public String pathOf(String name) {
    var entry = byLowerName.get(lower(name));
    var written = entry == null ? name : entry.getKey();
    return path.isEmpty() ? written : path + "." + written;
  }

  public @Nullable String text(String name) {
    var node = get(name);
    if (node == null) {
      return null;
    }
    var override = OverrideText.of(node);
    if (override != null) {
      return override.text();
    }
    if (!node.isTextual()) {
      faults.add(pathOf(name), shown(node), "a string");
      return null;
    }
    checkUnicode(pathOf(name), node.textValue());
    return node.textValue();
  }

  /** Text whose value never stands in a message. */
  public @Nullable String secret(String name) {
    var node = get(name);
    if (node != null && !node.isTextual() && OverrideText.of(node) == null) {
      faults.add(pathOf(name) + " has a value that is no string (not shown); it must be a string");
      return null;
    }
    return text(name);
  }

  public String requiredText(String name) {
    if (get(name) == null) {
      faults.add(pathOf(name), null, "a string");
      return "";
    }
    var text = text(name);
    return text == null ? "" : text;
  }

  /** A whole number within bounds, both included. */
  public @Nullable Long number(String name, long min, long max) {
    return number(name, min, max, range(min, max));
  }

  /**
   * As {@link #number(String, long, long)}.
   *
   * @param expected what a message says that it must be
   */
  public @Nullable Long number(String name, long min, long max, String expected) {
    var node = get(name);
    if (node == null) {
      return null;
    }
    var value = wholeNumber(node);
    if (value == null || value < min || value > max) {
      faults.add(pathOf(name), shown(node), expected);
      return null;
    }
    return value;
  }

  private static @Nullable Long wholeNumber(JsonNode node) {
    var override = OverrideText.of(node);
    if (override != null) {
      try {
        return Long.valueOf(override.text().strip());
      } catch (NumberFormatException e) {
        return null;
      }
    }
    return node.isIntegralNumber() && node.canConvertToLong() ? node.longValue() : null;
  }

  private static String range(long min, long max) {
    if (max == Long.MAX_VALUE) {
      return min == Long.MIN_VALUE ? "a whole number" : "a whole number of " + min + " or more";
    }
    return "a whole number from " + min + " to " + max;
  }

  public @Nullable Boolean flag(String name) {
    var node = get(name);
    if (node == null || node.isBoolean()) {
      return node == null ? null : node.booleanValue();
    }
    var override = OverrideText.of(node);
    var text = override == null ? "" : override.text().strip().toLowerCase(Locale.ROOT);
    if (text.equals("true") || text.equals("false")) {
      return Boolean.valueOf(text);
    }
    faults.add(pathOf(name), shown(node), "true or false");
    return null;
  }

  /**
   * A value with a text form of its own.
   *
   * @param parse throws {@link IllegalArgumentException} for a text that is wrong
   */
  public <T> @Nullable T parsed(String name, Function<String, T> parse, String expected) {
    var text = text(name);
    return text == null ? null : parse(name, text, parse, expected);
  }

  /** As {@link #parsed}, of a name or a number: an enumeration. */
  public <T> @Nullable T nameOrNumber(String name, Function<String, T> parse, String expected) {
    var node = get(name);
    if (node != null && node.isIntegralNumber()) {
      return parse(name, node.asText(), parse, expected);
    }
    return parsed(name, parse, expected);
  }

  private <T> @Nullable T parse(
      String name, String text, Function<String, T> parse, String expected) {
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException e) {
      faults.add(pathOf(name), text, expected);
      return null;
    }
  }

  public @Nullable JsonSection section(String name) {
    var node = get(name);
    if (node == null) {
      return null;
    }
    if (node instanceof ObjectNode object) {
      return new JsonSection(pathOf(name), object, faults);
    }
    // Only its kind: text that stands where a section should may hold a password.
    faults.add(
        pathOf(name)
            + " is a JSON "
            + node.getNodeType().name().toLowerCase(Locale.ROOT)
            + "; it must be an object");
    return null;
  }

  /** All that this section holds, each an object; null values are left out. */
  public List<Map.Entry<String, JsonSection>> sections() {
    var sections = new ArrayList<Map.Entry<String, JsonSection>>();
    for (var name : names()) {
      var section = section(name);
      if (section != null) {
        sections.add(Map.entry(name, section));
      }
    }
    return sections;
  }

  /** A list of objects, empty when absent; a null in it is a fault. */
  public List<JsonSection> list(String name) {
    var node = get(name);
    var sections = new ArrayList<JsonSection>();
    if (node == null) {
      return sections;
    }
    if (!node.isArray()) {
      faults.add(pathOf(name), shown(node), "a list");
      return sections;
    }
    for (int i = 0; i < node.size(); i++) {
      var itemPath = pathOf(name) + "[" + i + "]";
      if (node.get(i) instanceof ObjectNode object) {
        sections.add(new JsonSection(itemPath, object, faults));
      } else {
        faults.add(itemPath, shown(node.get(i)), "an object");
      }
    }
    return sections;
  }

  /**
   * A list of values with a text form; null when absent. As plain text from the environment they
   * stand between commas.
   *
   * @param parse throws {@link IllegalArgumentException} for a text that is wrong
   */
  public <T> @Nullable List<T> parsedList(String name, Function<String, T> parse, String expected) {
    var node = get(name);
    if (node == null) {
      return null;
    }
    var override = OverrideText.of(node);
    var texts = new ArrayList<String>();
    if (override != null) {
      texts.addAll(Arrays.asList(override.text().split(",")));
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        if (node.get(i).isTextual()) {
          texts.add(node.get(i).textValue());
        } else {
          faults.add(pathOf(name) + "[" + i + "]", shown(node.get(i)), "a string");
        }
      }
    } else {
      faults.add(pathOf(name), shown(node), "a list of strings");
    }
    var values = new ArrayList<T>();
    for (var text : texts) {
      var value = parse(name, text.strip(), parse, expected);
      if (value != null) {
        values.add(value);
      }
    }
    return values;
  }

  /** A map of strings, whose keys match exactly; null when absent. */
  public @Nullable Map<String, @Nullable String> strings(String name) {
    var node = get(name);
    if (node == null) {
      return null;
    }
    if (!node.isObject()) {
      faults.add(pathOf(name), shown(node), "an object of strings");
      return null;
    }
    var map = new LinkedHashMap<String, @Nullable String>();
    for (var entry : node.properties()) {
      if (entry.getValue().isNull() || entry.getValue().isTextual()) {
        checkUnicode(pathOf(name), entry.getKey());
        checkUnicode(pathOf(name) + "." + entry.getKey(), entry.getValue().textValue());
        map.put(entry.getKey(), entry.getValue().textValue());
      } else {
        faults.add(
            pathOf(name) + "." + entry.getKey(), shown(entry.getValue()), "a string or null");
      }
    }
    return map;
  }

  /** A map of whole numbers, whose keys match exactly; null when absent. */
  public @Nullable Map<String, Long> numbers(String name, long min) {
    var node = get(name);
    if (node == null) {
      return null;
    }
    if (!node.isObject()) {
      faults.add(pathOf(name), shown(node), "an object of numbers");
      return null;
    }
    var map = new TreeMap<String, Long>();
    for (var entry : node.properties()) {
      if (entry.getValue().isNull()) {
        continue;
      }
      var value = wholeNumber(entry.getValue());
      if (value == null || value < min) {
        faults.add(
            pathOf(name) + "." + entry.getKey(),
            shown(entry.getValue()),
            range(min, Long.MAX_VALUE));
      } else {
        map.put(entry.getKey(), value);
      }
    }
    return map;
  }

  /** An object as it stands, whatever is in it; empty when it is absent. */
  public Map<String, Object> values(String name) {
    var node = get(name);
    if (node == null) {
      return Map.of();
    }
    if (!node.isObject()) {
      faults.add(pathOf(name), shown(node), "an object");
      return Map.of();
    }
    return WireJson.values(node);
  }

  public boolean has(String name) {
    return get(name) != null;
  }

  /** Whether it stands here as null, where that is not the same as absent. */
  public boolean isNull(String name) {
    var entry = byLowerName.get(lower(name));
    return entry != null && entry.getValue().isNull();
  }

  /** The names in an object whose values are null; empty when it is absent. */
  public List<String> nulls(String name) {
    var node = get(name);
    return node == null
        ? List.of()
        : node.properties().stream()
            .filter(entry -> entry.getValue().isNull())
            .map(Map.Entry::getKey)
            .toList();
  }

  public Faults faults() {
    return faults;
  }

  /** The names that stand here, as they are written. */
  public List<String> names() {
    return byLowerName.values().stream().map(Map.Entry::getKey).toList();
  }

  /** The names that were asked for so far. */
  public Set<String> asked() {
    return Set.copyOf(asked);
  }

  /** The names that stand here and that nobody asked for. */
  public List<String> unasked() {
    var lowerAsked = asked.stream().map(JsonSection::lower).toList();
    return names().stream().filter(name -> !lowerAsked.contains(lower(name))).toList();
  }

  private @Nullable JsonNode get(String name) {
    asked.add(name);
    var entry = byLowerName.get(lower(name));
    return entry == null || entry.getValue().isNull() ? null : entry.getValue();
  }

  /** What {@link Faults} quotes, or a {@link Shown} that it does not. */
  private static Object shown(JsonNode node) {
    var override = OverrideText.of(node);
    if (override != null) {
      return override.text();
    }
    if (node.isContainerNode() && !node.isEmpty()) {
      // Not its content: a password may stand deep in it.
      return new Shown(node.isArray() ? "[…]" : "{…}");
    }
    return node.isTextual() ? node.textValue() : new Shown(node.toString());
  }

  /** Half a surrogate pair has no UTF-8: a database would store something else. */
  private void checkUnicode(String field, @Nullable String text) {
    if (text != null && !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      faults.add(field + " holds half of a surrogate pair; it must be well-formed Unicode");
    }
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** What a message shows without quotes, cut where it is long. */
  private record Shown(String text) {
    /** Enough to recognise a value by. */
    private static final int MAX_LENGTH = 100;

    @Override
    public String toString() {
      return text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + "…" : text;
    }
  }
}
