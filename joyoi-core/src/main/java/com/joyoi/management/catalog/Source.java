package com.joyoi.management.catalog;

import com.joyoi.management.compile.SourceHash;
import com.joyoi.management.model.ActorLanguage;
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
    return SourceHash.of(language.wireName(), body);
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
