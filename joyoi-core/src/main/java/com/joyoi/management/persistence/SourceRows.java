package com.joyoi.management.persistence;

import com.joyoi.management.catalog.Source;
import com.joyoi.management.model.ActorLanguage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Rows of {@code joyoi_source}. Whoever comes to need a source locks its row first. */
final class SourceRows {
  private static final int DROPPED_AT_ONCE = 1000;

  private final Database database;

  SourceRows(Database database) {
    this.database = database;
  }

  static Source read(ResultSet row) throws SQLException {
    return new Source(
        ActorLanguage.parse(row.getString("language")),
        row.getString("body"),
        row.getBytes("compiled"));
  }

  /** Stores a source unless it is there; its row is locked either way. */
  void store(Handle handle, Source source) {
    handle
        .createUpdate(
            """
            INSERT INTO joyoi_source (hash, language, body, compiled, last_used)
            VALUES (:hash, :language, :body, :compiled, :now)
            ON DUPLICATE KEY UPDATE last_used = VALUES(last_used),
              compiled = COALESCE(VALUES(compiled), compiled)
            """)
        .bind("hash", source.hash())
        .bind("language", source.language().wireName())
        .bind("body", source.body())
        .bind("compiled", source.compiled())
        .bind("now", Columns.time(database.now()))
        .execute();
  }

  /** A name stops pointing to it, maybe: it stays for those who have just read the name. */
  void touch(Handle handle, String hash) {
    handle
        .createUpdate("UPDATE joyoi_source SET last_used = :now WHERE hash = :hash")
        .bind("hash", hash)
        .bind("now", Columns.time(database.now()))
        .execute();
  }

  Optional<Source> find(String hash) {
    return database.inTransaction(
        "reading source " + hash,
        handle ->
            handle
                .createQuery("SELECT * FROM joyoi_source WHERE hash = :hash")
                .bind("hash", hash)
                .map((row, context) -> read(row))
                .findOne());
  }

  void keepCompiled(String hash, byte[] compiled) {
    var impatient = database.impatient();
    impatient.inTransaction(
        "keeping what source " + hash + " was compiled to",
        handle ->
            handle
                .createUpdate("UPDATE joyoi_source SET compiled = :compiled WHERE hash = :hash")
                .bind("hash", hash)
                .bind("compiled", compiled)
                .execute());
  }

  int dropUnpinned(Instant unusedSince) {
    var candidates =
        database.inTransaction(
            "looking for unused sources",
            handle ->
                handle
                    .createQuery(
                        "SELECT hash FROM joyoi_source s WHERE last_used < :time AND "
                            + UNUSED
                            + " LIMIT :limit")
                    .bind("time", Columns.time(unusedSince))
                    .bind("limit", DROPPED_AT_ONCE)
                    .mapTo(String.class)
                    .list());
    return candidates.stream().mapToInt(hash -> drop(hash, unusedSince)).sum();
  }

  private static final String UNUSED =
      """
      NOT EXISTS (SELECT 1 FROM joyoi_definition d WHERE d.source_hash = s.hash)
      AND NOT EXISTS (SELECT 1 FROM joyoi_instance i WHERE i.state_machine_hash = s.hash)
      AND NOT EXISTS (SELECT 1 FROM joyoi_actor_pin p WHERE p.source_hash = s.hash)\
      """;

  /** The row is locked before it is looked again: what pins it locks it first, too. */
  private int drop(String hash, Instant unusedSince) {
    return database.inTransaction(
        "dropping source " + hash,
        handle -> {
          var locked =
              handle
                  .createQuery(
                      "SELECT hash FROM joyoi_source"
                          + " WHERE hash = :hash AND last_used < :time FOR UPDATE")
                  .bind("hash", hash)
                  .bind("time", Columns.time(unusedSince))
                  .mapTo(String.class)
                  .findOne();
          if (locked.isEmpty() || isUsed(handle, hash)) {
            return 0;
          }
          return handle
              .createUpdate("DELETE FROM joyoi_source WHERE hash = :hash")
              .bind("hash", hash)
              .execute();
        });
  }

  private static boolean isUsed(Handle handle, String hash) {
    return handle
        .createQuery("SELECT 1 FROM joyoi_source s WHERE hash = :hash AND " + UNUSED)
        .bind("hash", hash)
        .mapTo(Integer.class)
        .findOne()
        .isEmpty();
  }
}
