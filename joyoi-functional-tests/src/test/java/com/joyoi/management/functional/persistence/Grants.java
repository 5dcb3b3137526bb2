package com.joyoi.management.functional.persistence;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What {@code SHOW GRANTS} says. */
record Grants(List<String> lines) {
  /** The tables are made by the service at its first start, and changed by later versions. */
  static final Set<String> NEEDED =
      Set.of(
          "SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "INDEX", "DROP", "REFERENCES");

  private static final Pattern ON_DATABASE =
      Pattern.compile("GRANT (.+?) ON (\\*|`(?:[^`]|``)+`)\\.\\* TO .*");

  /** Which of {@link #NEEDED} there are on a database. */
  Set<String> on(String database) {
    var found = new TreeSet<String>();
    for (var line : lines) {
      var grant = ON_DATABASE.matcher(line);
      if (grant.matches() && matches(grant.group(2), database)) {
        var rights = Set.of(grant.group(1).split(", *"));
        found.addAll(rights.contains("ALL PRIVILEGES") ? NEEDED : rights);
      }
    }
    return found;
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
