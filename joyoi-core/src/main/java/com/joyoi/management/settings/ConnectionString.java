package com.joyoi.management.settings;

import com.joyoi.management.json.Faults;
import com.joyoi.management.settings.ServiceOptions.Database;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code Server=…;Port=…;Database=…;User Id=…;Password=…;}, as .NET installations have it, or
 * a {@code jdbc:} URL. No message shows the text: it holds a password.
 */
final class ConnectionString {
  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("server", "server"),
          Map.entry("host", "server"),
          Map.entry("data source", "server"),
          Map.entry("datasource", "server"),
          Map.entry("address", "server"),
          Map.entry("port", "port"),
          Map.entry("database", "database"),
          Map.entry("initial catalog", "database"),
          Map.entry("user id", "user"),
          Map.entry("userid", "user"),
          Map.entry("uid", "user"),
          Map.entry("username", "user"),
          Map.entry("user name", "user"),
          Map.entry("user", "user"),
          Map.entry("password", "password"),
          Map.entry("pwd", "password"),
          Map.entry("sslmode", "sslmode"),
          Map.entry("ssl mode", "sslmode"));

  private static final Map<String, String> SSL_MODES =
      Map.of(
          "none", "DISABLED",
          "disabled", "DISABLED",
          "preferred", "PREFERRED",
          "required", "REQUIRED",
          "verifyca", "VERIFY_CA",
          "verifyfull", "VERIFY_IDENTITY");

  /** One {@code name=value} pair; a value in quotes may hold a semicolon, and quotes doubled. */
  private static final Pattern PAIR =
      Pattern.compile(
          "\\s*([^=;]+?)\\s*=\\s*(\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'|[^;\"']?[^;]*?)\\s*(?:;|$)");

  private static final Pattern URL_CREDENTIAL =
      Pattern.compile("(?i)([?&;])(user|password)=([^&;]*)");
  private static final Pattern URL_USER_INFO = Pattern.compile("^(jdbc:[a-z]+://)([^/@]*)@(.*)$");

  private final String key;
  private final Faults faults;
  private final List<String> warnings;

  ConnectionString(String key, Faults faults, List<String> warnings) {
    this.key = key;
    this.faults = faults;
    this.warnings = warnings;
  }

  /** Null, and a fault, when the text is wrong. */
  @Nullable Database parse(String text) {
    return text.strip().regionMatches(true, 0, "jdbc:", 0, "jdbc:".length())
        ? parseUrl(text.strip())
        : parsePairs(text);
  }

  private @Nullable Database parseUrl(String text) {
    // MariaDB speaks MySQL's protocol, and one driver serves both.
    var url = text.replaceFirst("(?i)^jdbc:(mysql|mariadb):", "jdbc:mysql:");
    if (!url.startsWith("jdbc:mysql://") && !url.startsWith("jdbc:h2:")) {
      faults.add(
          key
              + " is a jdbc: URL of an unknown kind; it must begin with jdbc:mysql://,"
              + " jdbc:mariadb:// or jdbc:h2:");
      return null;
    }
    var credentials = new LinkedHashMap<String, String>();
    boolean encoded = url.startsWith("jdbc:mysql:");
    var matcher = URL_CREDENTIAL.matcher(url);
    var rest = new StringBuilder();
    while (matcher.find()) {
      var value = matcher.group(3);
      credentials.put(matcher.group(2).toLowerCase(Locale.ROOT), encoded ? decoded(value) : value);
      matcher.appendReplacement(rest, matcher.group(1).equals("?") ? "?" : "");
    }
    matcher.appendTail(rest);
    url = rest.toString().replace("?&", "?").replaceFirst("\\?$", "");
    var userInfo = URL_USER_INFO.matcher(url);
    if (userInfo.matches()) {
      var parts = userInfo.group(2).split(":", 2);
      credentials.putIfAbsent("user", decoded(parts[0]));
      if (parts.length > 1) {
        credentials.putIfAbsent("password", decoded(parts[1]));
      }
      url = userInfo.group(1) + userInfo.group(3);
    }
    return new Database(url, credentials.get("user"), credentials.get("password"));
  }

  private static String decoded(String text) {
    try {
      return java.net.URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  private @Nullable Database parsePairs(String text) {
    var values = new LinkedHashMap<String, String>();
    var matcher = PAIR.matcher(text);
    int end = 0;
    while (end < text.length() && matcher.find(end) && matcher.start() == end) {
      take(values, matcher.group(1), unquoted(matcher.group(2)));
      end = matcher.end();
    }
    if (!text.substring(end).replace(";", "").isBlank()) {
      faults.add(
          key
              + " can't be read after "
              + end
              + " characters (not shown, it holds a password); it must be like"
              + " Server=…;Port=3306;Database=…;User Id=…;Password=…; or a jdbc: URL");
      return null;
    }
    return database(values);
  }

  private void take(Map<String, String> values, String name, String value) {
    var known = NAMES.get(name.toLowerCase(Locale.ROOT));
    if (known != null) {
      values.put(known, value);
    } else {
      var nearest = NearestName.of(name, NAMES.keySet()).orElse("");
      warnings.add(key + ": unknown part '" + name + "' is ignored; nearest is '" + nearest + "'");
    }
  }

  private static String unquoted(String value) {
    if (value.length() >= 2 && (value.charAt(0) == '"' || value.charAt(0) == '\'')) {
      var quote = value.substring(0, 1);
      return value.substring(1, value.length() - 1).replace(quote + quote, quote);
    }
    return value;
  }

  private @Nullable Database database(Map<String, String> values) {
    var server = values.getOrDefault("server", "");
    var name = values.getOrDefault("database", "");
    if (server.isEmpty()) {
      faults.add(key + " has no Server; it must be like Server=127.0.0.1;…");
    }
    if (name.isEmpty()) {
      faults.add(key + " has no Database; it must be like Database=joyoi;…");
    }
    var port = values.getOrDefault("port", "3306");
    if (!isPort(port)) {
      faults.add(key + ".Port", port, "a whole number from 1 to 65535");
    }
    var ssl = values.get("sslmode");
    var sslMode = ssl == null ? "" : SSL_MODES.get(ssl.toLowerCase(Locale.ROOT).replace("_", ""));
    if (sslMode == null) {
      faults.add(key + ".SslMode", ssl, "None, Preferred, Required, VerifyCA or VerifyFull");
    }
    if (!faults.isEmpty()) {
      return null;
    }
    var host = server.contains(":") && !server.startsWith("[") ? "[" + server + "]" : server;
    var url =
        "jdbc:mysql://"
            + host
            + ":"
            + port
            + "/"
            + URLEncoder.encode(name, StandardCharsets.UTF_8)
            + (ssl == null ? "" : "?sslMode=" + sslMode);
    return new Database(url, values.get("user"), values.get("password"));
  }

  private static boolean isPort(String text) {
    return text.matches("[0-9]{1,5}")
        && Integer.parseInt(text) >= 1
        && Integer.parseInt(text) <= 65535;
  }
}
