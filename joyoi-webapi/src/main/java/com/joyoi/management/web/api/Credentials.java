package com.joyoi.management.web.api;

import com.joyoi.management.web.config.AccessOptions;
import com.joyoi.management.web.config.AccessOptions.Certificate;
import com.joyoi.management.web.config.AccessOptions.Grant;
import com.joyoi.management.web.config.AccessOptions.Token;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** The tokens and certificates that are known, by what proves them. Thread-safe. */
final class Credentials {
  private final List<KnownToken> tokens;
  private final List<Certificate> certificates;

  private Credentials(List<KnownToken> tokens, List<Certificate> certificates) {
    this.tokens = List.copyOf(tokens);
    this.certificates = List.copyOf(certificates);
  }

  static Credentials of(AccessOptions options) {
    return new Credentials(
        options.tokens().stream().map(KnownToken::of).toList(), options.certificates());
  }

  /** Only the token that the service made for itself. */
  static Credentials ofAdminToken(String token) {
    return new Credentials(
        List.of(new KnownToken(sha256(token), new Caller(Role.ADMIN, "admin.token"))), List.of());
  }

  boolean hasTokens() {
    return !tokens.isEmpty();
  }

  /**
   * The holder of a token, null when nobody is. It takes the same time whether, where and at which
   * token there is a match: every hash is compared, each in constant time.
   */
  @Nullable Caller byToken(String token) {
    var hash = sha256(token);
    Caller caller = null;
    for (var known : tokens) {
      if (MessageDigest.isEqual(known.sha256, hash)) {
        caller = known.caller;
      }
    }
    return caller;
  }

  /**
   * The holder of a certificate that the TLS handshake has verified. Null when others have an entry
   * and this one has none; without any entry, whoever holds a certificate of our own authority is
   * trusted, as in the original.
   */
  @Nullable Caller byCertificate(X500Principal subject) {
    var name = "certificate:" + subject.getName();
    if (certificates.isEmpty()) {
      return new Caller(Role.ADMIN, name);
    }
    return certificates.stream()
        .filter(certificate -> certificate.subject().equals(subject))
        .map(certificate -> new Caller(role(certificate.grant()), name))
        .findFirst()
        .orElse(null);
  }

  private static Role role(Grant grant) {
    return switch (grant) {
      case READ -> Role.READ;
      case SUBMIT -> Role.SUBMIT;
      case ADMIN -> Role.ADMIN;
    };
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private record KnownToken(byte[] sha256, Caller caller) {
    static KnownToken of(Token token) {
      return new KnownToken(
          HexFormat.of().parseHex(token.sha256()),
          new Caller(role(token.grant()), "token:" + token.name()));
    }
  }
}
