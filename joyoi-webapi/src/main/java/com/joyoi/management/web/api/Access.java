package com.joyoi.management.web.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides who a caller is. Without any configured credential, {@code read} and {@code submit} are
 * open, and {@code admin} needs the token that the service made. Thread-safe.
 */
public final class Access {
  private static final String SCHEME = "bearer ";
  private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

  private final byte[] adminToken;
  private final @Nullable Set<String> hosts;

  private Access(String adminToken, @Nullable Set<String> hosts) {
    this.adminToken = adminToken.getBytes(StandardCharsets.UTF_8);
    this.hosts = hosts;
  }

  /**
   * For a listener on loopback: only its own names are answered to, since a web page could
   * otherwise reach it by a name of its own (DNS rebinding).
   *
   * @param host that it listens on
   */
  public static Access onLoopback(String adminToken, String host) {
    var names = new java.util.HashSet<>(LOOPBACK_NAMES);
    names.add(host.toLowerCase(Locale.ROOT));
    return new Access(adminToken, Set.copyOf(names));
  }

  /** For a listener that strangers reach by whatever name. */
  public static Access insecure(String adminToken) {
    return new Access(adminToken, null);
  }

  /**
   * @throws HttpError 401 for a wrong token, 403 for a foreign host or origin
   */
  Caller identify(@Nullable String authorization, @Nullable String host, @Nullable String origin) {
    if (hosts != null && (host == null || !hosts.contains(withoutPort(host)))) {
      throw new HttpError(403, "header Host names another host than this service's");
    }
    if (origin != null && !origin.replaceFirst("^https?://", "").equalsIgnoreCase(host)) {
      throw new HttpError(403, "header Origin names another site");
    }
    if (authorization == null) {
      return new Caller(Role.SUBMIT);
    }
    if (!authorization.toLowerCase(Locale.ROOT).startsWith(SCHEME)
        || !isAdminToken(authorization.substring(SCHEME.length()).strip())) {
      throw new HttpError(401, "wrong credentials; header Authorization must be 'Bearer <token>'");
    }
    return new Caller(Role.ADMIN);
  }

  /** Takes the same time wherever the difference is. */
  private boolean isAdminToken(String token) {
    return MessageDigest.isEqual(adminToken, token.getBytes(StandardCharsets.UTF_8));
  }

  private static String withoutPort(String host) {
    return host.toLowerCase(Locale.ROOT).replaceFirst(":[0-9]*$", "");
  }
}
