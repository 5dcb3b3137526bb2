package com.joyoi.management.compile;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The name under which a source is stored and cached: its content decides it. */
public final class SourceHash {
  private SourceHash() {}

  /**
   * SHA-256 over language and body as UTF-8, with a zero byte between them.
   *
   * @return 64 lower-case hex digits
   */
  public static String of(String language, String body) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update(language.getBytes(StandardCharsets.UTF_8));
      // No language has a NUL in its name: two different pairs cannot give the same bytes.
      digest.update((byte) 0);
      digest.update(body.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
