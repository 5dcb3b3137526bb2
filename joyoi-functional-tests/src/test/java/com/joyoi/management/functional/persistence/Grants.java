package com.joyoi.management.functional.persistence;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What {@code SHOW GRANTS} says. */
record Grants(List<String> lines) {
  /** The service makes its tables itself. */
  static final Set<String> NEEDED = Set.of("SELECT", "INSERT", "UPDATE", "DELETE", "CREATE");

  /** What a later version may do to its tables; MySQL asks for REFERENCES where they are made. */
  static final Set<String> FOR_CHANGES = Set.of("ALTER", "INDEX", "DROP", "REFERENCES");

  private static final String ALL = "ALL PRIVILEGES";

  private static final Pattern ON_DATABASE =
      Pattern.compile("GRANT (.+?) ON (\\*|`(?:[^`]|``)+`)\\.\\* TO .*");

  /** Which of the asked ones are missing on a database. */
  Set<String> missing(Set<String> asked, String database) {
    var missing = new TreeSet<>(asked);
    for (var line : lines) {
      var grant = ON_DATABASE.matcher(line);
      if (grant.matches() && matches(grant.group(2), database)) {
        var rights = Set.of(grant.group(1).split(", *"));
        missing.removeAll(rights.contains(ALL) ? asked : rights);
      }
    }
    return missing;
  }

  /** The server takes the name as a pattern of LIKE. */
  private static boolean matches(String quoted, String database) {
    if (quoted.equals("*")) {
      return true;
    }
    var name = quoted.substring(1, quoted.length() - 1).replace("``", "`");
    var pattern = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '\\' && i + 1 < name.length()) {
        pattern.append(Pattern.quote(String.valueOf(name.charAt(++i))));
      } else {
        pattern.append(c == '%' ? ".*" : c == '_' ? "." : Pattern.quote(String.valueOf(c)));
      }
    }
    return database.matches(pattern.toString());
  }

  boolean hasRoles() {
    return lines.stream().anyMatch(line -> !line.contains(" ON "));
  }
}
