package com.joyoi.management.web.config;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;

/** The configured credentials. Holds no secret: of a token only its hash is known. */
public record AccessOptions(List<Token> tokens, List<Certificate> certificates) {
  public static final AccessOptions NONE = new AccessOptions(List.of(), List.of());

  /** Of token names: they stand in the log. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._@-]{1,100}");

  public AccessOptions {
    tokens = List.copyOf(tokens);
    certificates = List.copyOf(certificates);
  }

  public static boolean isTokenName(String name) {
    return NAME.matcher(name).matches();
  }

  /** What a credential allows; a later one includes the earlier ones. */
  public enum Grant {
    READ,
    SUBMIT,
    ADMIN;

    /**
     * @throws IllegalArgumentException when there is none of that name, whatever its case
     */
    public static Grant parse(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }

    /** As the configuration writes it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A bearer token.
   *
   * @param name of who holds it, unique
   * @param sha256 of the token's text in UTF-8, 64 hexadecimal digits in lower case
   */
  public record Token(String name, String sha256, Grant grant) {}

  /** What the holder of a client certificate with this subject may do. */
  public record Certificate(X500Principal subject, Grant grant) {}
}
