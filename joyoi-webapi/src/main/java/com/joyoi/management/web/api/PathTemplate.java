package com.joyoi.management.web.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A path such as {@code /api/v1/Actor/{name}}: fixed segments match without regard to case,
 * segments in braces match anything and keep its case.
 */
final class PathTemplate {
  private final String text;
  private final List<String> segments;

  PathTemplate(String text) {
    this.text = text;
    this.segments = split(text);
  }

  /**
   * The segments of a path; one slash at the end counts for nothing, nor do several at the start,
   * which deployed clients make of a base address that ends with one.
   */
  static List<String> split(String path) {
    var rooted = path.replaceFirst("^/+", "/");
    var trimmed = rooted.endsWith("/") ? rooted.substring(0, rooted.length() - 1) : rooted;
    return trimmed.isEmpty() ? List.of() : List.of(trimmed.substring(1).split("/", -1));
  }

  /** The parameters by name, null when the path does not match. */
  @Nullable Map<String, String> match(List<String> path) {
    if (path.size() != segments.size()) {
      return null;
    }
    var parameters = new LinkedHashMap<String, String>();
    for (int i = 0; i < path.size(); i++) {
      var segment = segments.get(i);
      if (segment.startsWith("{")) {
        parameters.put(segment.substring(1, segment.length() - 1), path.get(i));
      } else if (!segment.equalsIgnoreCase(path.get(i))) {
        return null;
      }
    }
    return parameters;
  }

  @Override
  public String toString() {
    return text;
  }
}
