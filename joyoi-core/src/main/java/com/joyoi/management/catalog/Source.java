package com.joyoi.management.catalog;

import com.joyoi.management.model.ActorLanguage;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A source text, stored under the hash of its content. Two are equal when language and body are.
 *
 * @param body the source text
 * @param compiled what it was compiled to, for example a jar; null when it is to be compiled anew
 */
public record Source(ActorLanguage language, String body, byte @Nullable [] compiled) {
  public Source(ActorLanguage language, String body) {
    this(language, body, null);
  }

  /** SHA-256 of language and body, 64 lower-case hex digits. */
  public String hash() {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update(language.wireName().getBytes(StandardCharsets.UTF_8));
      // No language has a NUL in its name: two different pairs can't give the same bytes.
      digest.update((byte) 0);
      digest.update(body.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JVM has SHA-256", e);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Source that && language == that.language && body.equals(that.body);
  }

  @Override
  public int hashCode() {
    return body.hashCode();
  }

  @Override
  public String toString() {
    return "Source[" + language.wireName() + " " + hash() + "]";
  }
}
