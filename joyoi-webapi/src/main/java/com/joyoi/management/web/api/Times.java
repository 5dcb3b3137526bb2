package com.joyoi.management.web.api;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Reads the times of a filter: ISO-8601, the year first in other ways, and what .NET writes for the
 * invariant culture and for en-US; UTC without a zone. Day and month in another order are not told
 * from these, so that what has the day first is not read.
 */
final class Times {
  static final String EXPECTED =
      "a time like 2024-05-06T07:08:09Z, 2024/5/6 7:08:09, 05/06/2024 07:08:09 (the month first) or"
          + " 5/6/2024 7:08:09 AM, from year 1 to 9999";

  private static final DateTimeFormatter YEAR_FIRST =
      strict(
          new DateTimeFormatterBuilder()
              .appendPattern("uuuu-")
              .appendValue(ChronoField.MONTH_OF_YEAR, 1, 2, SignStyle.NOT_NEGATIVE)
              .appendLiteral('-')
              .appendValue(ChronoField.DAY_OF_MONTH, 1, 2, SignStyle.NOT_NEGATIVE)
              .optionalStart()
              .appendLiteral('T')
              .appendValue(ChronoField.HOUR_OF_DAY, 1, 2, SignStyle.NOT_NEGATIVE)
              .appendPattern(":mm[:ss")
              .optionalStart()
              .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, true)
              .optionalEnd()
              .appendPattern("]")
              .optionalStart()
              .appendOffset("+HH:mm", "Z")
              .optionalEnd()
              .optionalEnd()
              .parseDefaulting(ChronoField.HOUR_OF_DAY, 0));
  private static final DateTimeFormatter INVARIANT =
      strict(new DateTimeFormatterBuilder().appendPattern("MM/dd/uuuu HH:mm:ss"));
  private static final DateTimeFormatter AMERICAN =
      strict(new DateTimeFormatterBuilder().appendPattern("M/d/uuuu h:mm:ss a"));

  /** Newer versions of .NET put a narrow space that does not break before AM and PM. */
  private static final Pattern SPACE = Pattern.compile("[\\u00a0\\u202f]");

  private static final Pattern SLASHES =
      Pattern.compile("^([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})(?![0-9])");
  private static final Pattern SPACE_AFTER_DATE = Pattern.compile("^([0-9]{4}[0-9-]+) ");

  /** A plus sign that was not escaped in a query arrives as a space. */
  private static final Pattern SPACE_BEFORE_ZONE = Pattern.compile(" ([0-9]{2}:[0-9]{2})$");

  private Times() {}

  private static DateTimeFormatter strict(DateTimeFormatterBuilder builder) {
    // The order counts: case is ignored in what is appended later.
    return new DateTimeFormatterBuilder()
        .parseCaseInsensitive()
        .append(builder.toFormatter(Locale.ROOT))
        .toFormatter(Locale.ROOT)
        .withResolverStyle(ResolverStyle.STRICT);
  }

  /**
   * @return not before 1970: nothing is older, and some databases know no earlier time
   * @throws IllegalArgumentException when it is no time, or none that is sure
   */
  static Instant parse(String text) {
    var plain = SPACE.matcher(text).replaceAll(" ").strip();
    var time = plain.matches("[0-9]{1,2}/.*") ? monthFirst(plain) : yearFirst(plain);
    return time.isBefore(Instant.EPOCH) ? Instant.EPOCH : time;
  }

  private static Instant monthFirst(String text) {
    var format = text.endsWith("M") || text.endsWith("m") ? AMERICAN : INVARIANT;
    try {
      return LocalDateTime.parse(text, format).toInstant(ZoneOffset.UTC);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static Instant yearFirst(String text) {
    var iso = SLASHES.matcher(text).replaceFirst("$1-$2-$3");
    iso = SPACE_AFTER_DATE.matcher(iso).replaceFirst("$1T");
    iso = SPACE_BEFORE_ZONE.matcher(iso).replaceFirst("+$1");
    try {
      return YEAR_FIRST.parseBest(iso, OffsetDateTime::from, LocalDateTime::from)
              instanceof OffsetDateTime zoned
          ? zoned.toInstant()
          : LocalDateTime.parse(iso, YEAR_FIRST).toInstant(ZoneOffset.UTC);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
