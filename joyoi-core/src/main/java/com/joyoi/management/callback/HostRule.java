package com.joyoi.management.callback;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which addresses may be called: {@code judge.example} is that host on every port, {@code
 * judge.example:8080} on that one, and {@code https://judge.example} that scheme and its port too.
 *
 * @param scheme null for both
 * @param host in lower case, an IPv6 address in brackets
 * @param port -1 for all
 */
public record HostRule(@Nullable String scheme, String host, int port) {
  /** What {@link #parse} takes, for messages. */
  public static final String EXPECTED =
      "a host such as judge.example, judge.example:8080 or https://judge.example";

  private static final Pattern RULE =
      Pattern.compile("(?:(https?)://)?([a-z0-9.-]+|\\[[0-9a-f:.]+])(?::([0-9]{1,5}))?/?");

  /**
   * @throws IllegalArgumentException when it is none
   */
  public static HostRule parse(String text) {
    var matcher = RULE.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException(text + " is not " + EXPECTED);
    }
    var scheme = matcher.group(1);
    var port = matcher.group(3);
    int number = port != null ? Integer.parseInt(port) : scheme == null ? -1 : defaultPort(scheme);
    if (number == 0 || number > 65535) {
      throw new IllegalArgumentException(text + " names no port");
    }
    return new HostRule(scheme, withoutDot(matcher.group(2)), number);
  }

  /** Whether it covers an address, of which scheme and host are set. */
  boolean covers(URI address) {
    var itsScheme = address.getScheme().toLowerCase(Locale.ROOT);
    int itsPort = address.getPort() == -1 ? defaultPort(itsScheme) : address.getPort();
    return (scheme == null || scheme.equals(itsScheme))
        && host.equals(withoutDot(address.getHost().toLowerCase(Locale.ROOT)))
        && (port == -1 || port == itsPort);
  }

  private static int defaultPort(String scheme) {
    return scheme.equals("https") ? 443 : 80;
  }

  /** A name's last dot says only that it is complete. */
  static String withoutDot(String host) {
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }
}
