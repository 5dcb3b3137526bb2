package com.joyoi.management.web.api;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * What a browser shows for a 401: a form for the token, the same whatever was asked for. Its
 * program fetches the page that was asked for with the token that is typed in.
 */
final class SignInPage {
  private static final String FILE = "/com/joyoi/management/web/dashboard/sign-in.html";
  private static final byte[] CONTENT = read();

  /** Its own program by its hash, and those that it has fetched with the token. */
  static final String POLICY =
      "default-src 'none'; script-src 'sha256-"
          + scriptHash()
          + "' blob:; style-src 'unsafe-inline'; img-src 'self' data:; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private SignInPage() {}

  static byte[] content() {
    return CONTENT.clone();
  }

  private static byte[] read() {
    try (var content = SignInPage.class.getResourceAsStream(FILE)) {
      if (content == null) {
        throw new FileNotFoundException(FILE);
      }
      return content.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String scriptHash() {
    var text = new String(CONTENT, StandardCharsets.UTF_8);
    int start = text.indexOf("<script>") + "<script>".length();
    var script = text.substring(start, text.indexOf("</script>"));
    try {
      return Base64.getEncoder()
          .encodeToString(
              MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
