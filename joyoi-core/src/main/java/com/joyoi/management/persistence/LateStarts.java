package com.joyoi.management.persistence;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Ids of instances are ordered by the time at which they were made, and nearly all instances start
 * then: so the ids say which ones started within a time. Rows of {@code joyoi_late_start} name the
 * others, which were restarted.
 */
final class LateStarts {
  static final String INSERT =
      """
      INSERT INTO joyoi_late_start (instance_id, start_time) VALUES (:id, :start)
      ON DUPLICATE KEY UPDATE start_time = VALUES(start_time)
      """;

  /**
   * Between the making of an id and the start that is stored lie milliseconds, seconds on a machine
   * that is very busy. Whatever was made within this time of a bound is read for nothing.
   */
  private static final Duration NEAR = Duration.ofSeconds(10);

  /** Bits of an id behind its time, in its upper half. */
  private static final int TIME_SHIFT = 16;

  private LateStarts() {}

  /** Notes a start, unless its id says the same. */
  static void note(Handle handle, UUID id, Instant start) {
    row(id, start).ifPresent(late -> handle.createUpdate(INSERT).bindMap(late).execute());
  }

  /** The values of {@link #INSERT}, empty when the id says the same. */
  static Optional<Map<String, String>> row(UUID id, Instant start) {
    var made = Instant.ofEpochMilli(id.getMostSignificantBits() >>> TIME_SHIFT);
    return Duration.between(made, start).abs().compareTo(NEAR) < 0
        ? Optional.empty()
        : Optional.of(Map.of("id", id.toString(), "start", Columns.time(start)));
  }

  /** What started at or after this time, and is not noted, has an id that is not less. */
  static String leastId(Instant start) {
    return id(start.minus(NEAR), 0);
  }

  /** What started before this time has an id that is not greater. */
  static String greatestId(Instant start) {
    return id(start.plus(NEAR), -1);
  }

  private static String id(Instant time, long rest) {
    long millis = Math.min(Math.max(0, time.toEpochMilli()), -1L >>> TIME_SHIFT);
    return new UUID(millis << TIME_SHIFT | rest >>> (Long.SIZE - TIME_SHIFT), rest).toString();
  }
}
