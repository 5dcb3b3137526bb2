package com.joyoi.management.persistence;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.Limitation;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How values stand in columns: times in UTC and microseconds, lists and maps as JSON text. */
final class Columns {
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  static final TypeReference<List<BlobReference>> BLOB_REFERENCES = new TypeReference<>() {};
  static final TypeReference<List<String>> STRINGS = new TypeReference<>() {};
  static final TypeReference<Map<String, @Nullable String>> PARAMETERS = new TypeReference<>() {};
  private static final TypeReference<Limitation> LIMITATION = new TypeReference<>() {};

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Columns() {}

  /**
   * A time as text: no time zone of the JVM can move it, and no driver can round it (Connector/J
   * takes MariaDB for an old MySQL that has whole seconds only).
   */
  static String time(Instant instant) {
    return TIME.format(stored(instant));
  }

  /** A time with the precision that the database keeps. */
  static Instant stored(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MICROS);
  }

  static Instant time(ResultSet row, String column) throws SQLException {
    return row.getObject(column, LocalDateTime.class).toInstant(ZoneOffset.UTC);
  }

  static @Nullable Instant nullableTime(ResultSet row, String column) throws SQLException {
    var value = row.getObject(column, LocalDateTime.class);
    return value == null ? null : value.toInstant(ZoneOffset.UTC);
  }

  static UUID uuid(ResultSet row, String column) throws SQLException {
    return UUID.fromString(row.getString(column));
  }

  static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("can't be written as JSON: " + value, e);
    }
  }

  static <T> T json(ResultSet row, String column, TypeReference<T> type) throws SQLException {
    var text = row.getString(column);
    try {
      return JSON.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new JoyoiException(
          JoyoiException.Kind.INTERNAL, "column " + column + " holds no readable JSON", e);
    }
  }

  /** What an older version stored may be above the bounds of now; null is none. */
  static Limitation limitation(ResultSet row, String column) throws SQLException {
    return row.getString(column) == null
        ? Limitation.NONE
        : json(row, column, LIMITATION).bounded();
  }
}
