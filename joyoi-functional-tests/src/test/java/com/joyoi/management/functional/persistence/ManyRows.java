package com.joyoi.management.functional.persistence;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A database full of instances that have ended, one each second, with a run, an event and a blob
 * each. Most are of one machine and succeeded, a tenth failed; a few are Running, a few have a name
 * of their own.
 */
final class ManyRows {
  private final int count;

  /** When the first one started. */
  private final Instant begin;

  ManyRows(int count, Instant now) {
    this.count = count;
    begin = now.truncatedTo(ChronoUnit.SECONDS).minusSeconds(count);
  }

  Instant middle() {
    return begin.plusSeconds(count / 2);
  }

  void insertInto(Connection connection) throws SQLException {
    try (var sql = connection.createStatement()) {
      sql.execute("SET time_zone = '+00:00', foreign_key_checks = 0, unique_checks = 0");
      numbers(sql);
      sql.execute(
          """
          INSERT INTO joyoi_instance (id, name, service, status, stage, stage_entry, execution_key,
            initial_blobs, parameters, priority, re_run_times, start_time, end_time, writes,
            last_event)
          SELECT id, IF(n %% (%1$d DIV 5) = 7, 'Rare', 'Judge'), 'here',
            CASE WHEN n %% (%1$d DIV 5) = 9 THEN 'Running'
              WHEN n %% 10 = 0 THEN 'Failed' ELSE 'Succeeded' END,
            IF(n %% 10 = 0 OR n %% (%1$d DIV 5) = 9, 'Compile', 'Finished'), 0, UUID(), '[]', '{}',
            0, 0, started,
            IF(n %% (%1$d DIV 5) = 9, NULL, started + INTERVAL 1 SECOND), 0, 1
          FROM numbers ORDER BY n
          """
              .formatted(count));
      sql.execute(
          """
          INSERT INTO joyoi_run (instance_id, run_number, id, actor, status, stage, stage_entry,
            inputs, outputs, exceptions, start_time, end_time)
          SELECT id, 1, id, 'Actor', 'Succeeded', 'Compile', 0, '[]', '[]', '[]', started, started
          FROM numbers ORDER BY n
          """);
      sql.execute(
          "INSERT INTO joyoi_event SELECT id, 1, 'ended', '{}', started FROM numbers ORDER BY n");
      sql.execute(
          """
          INSERT INTO joyoi_blob (id, sha256, size, chunks, time_stamp, last_used)
          SELECT id, SHA2(id, 256), 1, 1, 1, started FROM numbers ORDER BY n
          """);
      sql.execute("INSERT INTO joyoi_blob_reference SELECT id, id, id FROM numbers WHERE n >= 100");
      for (var table : new String[] {"instance", "run", "event", "blob", "blob_reference"}) {
        sql.execute("ANALYZE TABLE joyoi_" + table);
      }
    }
  }

  /** By doubling, which every server of the family can. */
  private void numbers(Statement sql) throws SQLException {
    sql.execute("CREATE TABLE counted (n INT PRIMARY KEY)");
    sql.execute("INSERT INTO counted VALUES (0)");
    for (int size = 1; size < count; size *= 2) {
      sql.execute("INSERT INTO counted SELECT n + " + size + " FROM counted");
    }
    sql.execute(
        "CREATE TABLE numbers (n INT PRIMARY KEY, id CHAR(36) NOT NULL, started DATETIME(6))"
            + " CHARSET utf8mb4");
    sql.execute(
        """
        INSERT INTO numbers
        SELECT n, CONCAT(LPAD(HEX((%1$d + n * 1000) >> 16), 8, '0'), '-',
          LPAD(HEX((%1$d + n * 1000) & 65535), 4, '0'), '-7000-8000-', LPAD(HEX(n), 12, '0')),
          FROM_UNIXTIME(%1$d DIV 1000 + n)
        FROM counted WHERE n < %2$d
        """
            .formatted(begin.toEpochMilli(), count));
    sql.execute("UPDATE numbers SET id = LOWER(id)");
  }
}
