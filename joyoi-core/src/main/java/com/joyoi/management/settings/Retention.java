package com.joyoi.management.settings;

import com.joyoi.management.error.JoyoiException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is removed when it is old, in the whole database: services that share one should be
 * configured alike. Each age is at least {@link #SHORTEST}.
 *
 * @param instanceAge how long ago an instance ended at least, null to keep all
 * @param unusedBlobAge how long at least nothing has put or referred to a blob, null to keep all;
 *     much longer than what passes between a put of a blob and of the instance that refers to it
 */
public record Retention(@Nullable Duration instanceAge, @Nullable Duration unusedBlobAge) {
  /** Keeps everything. */
  public static final Retention OFF = new Retention(null, null);

  /** A client needs some time to read what ended, and to refer to what it put. */
  public static final Duration SHORTEST = Duration.ofSeconds(1);

  public Retention {
    require("instanceAge", instanceAge);
    require("unusedBlobAge", unusedBlobAge);
  }

  private static void require(String field, @Nullable Duration age) {
    if (age != null && age.compareTo(SHORTEST) < 0) {
      throw JoyoiException.invalid("retention." + field, age, "at least " + SHORTEST);
    }
  }
}
