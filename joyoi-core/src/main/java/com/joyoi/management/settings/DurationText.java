package com.joyoi.management.settings;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Pattern;

/** Durations as the configuration writes them: {@code 30d}, {@code 12h}, or ISO-8601. */
final class DurationText {
  static final String EXPECTED =
      "a duration from a second to 36500d, such as 30d, 12h, 15m, 90s or PT36H";

  /** A century: a moment that far back is still one that every database can name. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  /** Nine digits of days stay far below what a duration can hold. */
  private static final Pattern SHORT = Pattern.compile("([0-9]{1,9})([dhms])");

  private DurationText() {}

  /**
   * @throws IllegalArgumentException when it is none, or shorter than a second or longer than a
   *     century
   */
  static Duration parse(String text) {
    var matcher = SHORT.matcher(text.strip().toLowerCase(Locale.ROOT));
    Duration duration;
    try {
      duration =
          matcher.matches()
              ? of(Long.parseLong(matcher.group(1)), matcher.group(2))
              : Duration.parse(text.strip());
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(e);
    }
    if (duration.compareTo(Duration.ofSeconds(1)) < 0 || duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("out of bounds");
    }
    return duration;
  }

  private static Duration of(long count, String unit) {
    return switch (unit) {
      case "d" -> Duration.ofDays(count);
      case "h" -> Duration.ofHours(count);
      case "m" -> Duration.ofMinutes(count);
      default -> Duration.ofSeconds(count);
    };
  }
}
