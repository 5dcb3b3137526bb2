package com.joyoi.management.web.api;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;

/** Reads the times of a filter: ISO-8601 or {@code yyyy/MM/dd HH:mm:ss}, UTC without a zone. */
final class Times {
  static final String EXPECTED =
      "a time like 2024-05-06T07:08:09Z or 2024/05/06 07:08:09, from year 1 to 9999";

  private static final DateTimeFormatter FORMAT =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .appendPattern("uuuu-MM-dd")
          .optionalStart()
          .appendLiteral('T')
          .appendPattern("HH:mm")
          .optionalStart()
          .appendPattern(":ss")
          .optionalStart()
          .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, true)
          .optionalEnd()
          .optionalEnd()
          .optionalStart()
          .appendOffset("+HH:mm", "Z")
          .optionalEnd()
          .optionalEnd()
          .parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
          .toFormatter()
          .withResolverStyle(ResolverStyle.STRICT);

  private Times() {}

  /**
   * @return not before 1970: nothing is older, and some databases know no earlier time
   * @throws IllegalArgumentException when it is no time
   */
  static Instant parse(String text) {
    var iso =
        text.strip()
            .replaceFirst("^([0-9]{4})/([0-9]{2})/([0-9]{2})", "$1-$2-$3")
            .replaceFirst("^([0-9-]{10}) ", "$1T")
            // A plus sign that was not escaped in a query arrives as a space.
            .replaceFirst(" ([0-9]{2}:[0-9]{2})$", "+$1");
    try {
      var parsed = FORMAT.parseBest(iso, OffsetDateTime::from, LocalDateTime::from);
      var time =
          parsed instanceof OffsetDateTime zoned
              ? zoned.toInstant()
              : ((LocalDateTime) parsed).toInstant(ZoneOffset.UTC);
      return time.isBefore(Instant.EPOCH) ? Instant.EPOCH : time;
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
