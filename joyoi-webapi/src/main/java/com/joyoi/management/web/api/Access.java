package com.joyoi.management.web.api;

import com.joyoi.management.web.config.AccessOptions;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * Decides who a caller is. Where credentials are configured, everybody needs one. Without any,
 * {@code read} and {@code submit} are open, and {@code admin} needs the token that the service
 * made. Thread-safe.
 */
public final class Access {
  private static final String SCHEME = "bearer ";
  private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

  private final Credentials credentials;
  private final boolean everybodyNeedsOne;
  private final @Nullable Set<String> hosts;

  private Access(Credentials credentials, boolean everybodyNeedsOne, @Nullable Set<String> hosts) {
    this.credentials = credentials;
    this.everybodyNeedsOne = everybodyNeedsOne;
    this.hosts = hosts;
  }

  /**
   * For a listener on loopback without configured credentials: only its own names are answered to,
   * since a web page could otherwise reach it by a name of its own (DNS rebinding).
   *
   * @param host that it listens on
   */
  public static Access onLoopback(String adminToken, String host) {
    var names = new HashSet<>(LOOPBACK_NAMES);
    names.add(host.toLowerCase(Locale.ROOT));
    return new Access(Credentials.ofAdminToken(adminToken), false, Set.copyOf(names));
  }

  /** For a listener that strangers reach by whatever name, and need no credential for. */
  public static Access insecure(String adminToken) {
    return new Access(Credentials.ofAdminToken(adminToken), false, null);
  }

  /** For listeners on which everybody needs one of the configured credentials. */
  public static Access configured(AccessOptions options) {
    return new Access(Credentials.of(options), true, null);
  }

  /** Whether there are callers who are known by a token. */
  boolean knowsTokens() {
    return credentials.hasTokens();
  }

  boolean everybodyNeedsACredential() {
    return everybodyNeedsOne;
  }

  /**
   * A token that is sent counts, also where a certificate came with the connection.
   *
   * @param certificate subject of the client certificate that the handshake has verified
   * @throws HttpError 401 for wrong or missing credentials, 403 for a certificate without an entry,
   *     a foreign host or a foreign origin
   */
  Caller identify(
      @Nullable String authorization,
      @Nullable X500Principal certificate,
      @Nullable String host,
      @Nullable String origin) {
    if (hosts != null && (host == null || !hosts.contains(withoutPort(host)))) {
      throw new HttpError(403, "header Host names another host than this service's");
    }
    var caller = holder(authorization, certificate);
    if (origin != null && !origin.replaceFirst("^https?://", "").equalsIgnoreCase(host)) {
      throw new HttpError(403, "header Origin names another site");
    }
    return caller;
  }

  private Caller holder(@Nullable String authorization, @Nullable X500Principal certificate) {
    if (authorization != null) {
      return holderOfToken(authorization);
    }
    if (certificate != null && everybodyNeedsOne) {
      var caller = credentials.byCertificate(certificate);
      if (caller == null) {
        throw new HttpError(
            403,
            "the client certificate of '"
                + certificate.getName()
                + "' has no entry in Access.Certificates");
      }
      return caller;
    }
    if (everybodyNeedsOne) {
      throw new HttpError(401, "credentials are needed; send 'Authorization: Bearer <token>'");
    }
    return Caller.LOCAL;
  }

  private Caller holderOfToken(String authorization) {
    var token =
        authorization.toLowerCase(Locale.ROOT).startsWith(SCHEME)
            ? authorization.substring(SCHEME.length()).strip()
            : "";
    if (token.isEmpty()) {
      throw new HttpError(401, "wrong credentials; header Authorization must be 'Bearer <token>'");
    }
    var caller = credentials.byToken(token);
    if (caller == null) {
      throw new HttpError(
          401, "wrong credentials; the token in header Authorization is not known here");
    }
    return caller;
  }

  private static String withoutPort(String host) {
    return host.toLowerCase(Locale.ROOT).replaceFirst(":[0-9]*$", "");
  }
}
