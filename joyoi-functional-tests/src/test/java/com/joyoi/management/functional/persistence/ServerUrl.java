package com.joyoi.management.functional.persistence;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * {@code jdbc:mysql://host:port/database?properties} in its parts.
 *
 * @param server up to the name of the database
 * @param properties with their question mark, or empty
 */
record ServerUrl(String server, String database, String properties) {
  private static final Pattern FORM = Pattern.compile("(jdbc:mysql://[^/?]+/)([^?]*)(.*)");

  static ServerUrl of(String url) {
    var parts = FORM.matcher(url);
    if (!parts.matches()) {
      throw new IllegalArgumentException("a database on a server is needed, this is another URL");
    }
    var database = URLDecoder.decode(parts.group(2), StandardCharsets.UTF_8);
    return new ServerUrl(parts.group(1), database, parts.group(3));
  }

  /** The URL of another database; its name needs no encoding. */
  String withDatabase(String name) {
    return server + name + properties;
  }
}
