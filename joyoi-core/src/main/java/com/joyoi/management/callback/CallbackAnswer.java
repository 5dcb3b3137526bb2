package com.joyoi.management.callback;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.apache.hc.client5.http.utils.DateUtils;
import org.jspecify.annotations.Nullable;

/**
 * What a web service answered.
 *
 * @param text the body, as UTF-8
 * @param retryAfter that header, as it was sent; null for none
 */
public record CallbackAnswer(int status, String text, @Nullable String retryAfter) {
  /** Those below 500 that say nothing against the request: time-out, too early, too many. */
  private static final Set<Integer> PASSING = Set.of(408, 425, 429);

  public boolean isSuccess() {
    return status / 100 == 2;
  }

  /** Whether the same request may be answered otherwise later. */
  boolean isPassing() {
    return status / 100 == 5 || PASSING.contains(status);
  }

  /** How long the receiver wants to be left alone from {@code now} on; zero where it says none. */
  public Duration pause(Instant now) {
    if (retryAfter == null) {
      return Duration.ZERO;
    }
    var text = retryAfter.strip();
    if (text.matches("[0-9]{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(text));
    }
    var date = DateUtils.parseStandardDate(text);
    return date == null || date.isBefore(now) ? Duration.ZERO : Duration.between(now, date);
  }
}
