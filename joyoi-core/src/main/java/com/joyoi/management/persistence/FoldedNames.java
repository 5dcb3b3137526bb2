package com.joyoi.management.persistence;

import com.joyoi.management.model.Names;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Rows of {@code joyoi_definition_name}, of one kind: who has a name, whatever its case and form.
 *
 * <p>Definitions of older versions have no row until somebody takes a name. Among those that were
 * allowed to differ in case only, the oldest gets the row; the others stay as they are, and the
 * next of them gets it when the first is gone.
 */
final class FoldedNames {
  private static final UUID NOBODY = new UUID(0, 0);

  private final String kind;

  FoldedNames(String kind) {
    this.kind = kind;
  }

  /**
   * Gives a name to a definition that is stored already; the one that it had is free then. The
   * unique key refuses a name that is taken.
   */
  void take(Handle handle, UUID definition, String name) {
    handle
        .createUpdate("DELETE FROM joyoi_definition_name WHERE definition_id = :id")
        .bind("id", definition.toString())
        .execute();
    adopt(handle, definition);
    handle
        .createUpdate(
            """
            INSERT INTO joyoi_definition_name (kind, folded, definition_id)
            VALUES (:kind, :folded, :id)
            """)
        .bind("kind", kind)
        .bind("folded", key(name))
        .bind("id", definition.toString())
        .execute();
  }

  /** Gives definitions of older versions the rows that they lack, but one that is being named. */
  private void adopt(Handle handle, UUID except) {
    handle
        .createQuery(
            """
            SELECT d.id, d.name FROM joyoi_definition d
            LEFT JOIN joyoi_definition_name n ON n.definition_id = d.id
            WHERE d.kind = :kind AND d.id <> :except AND n.definition_id IS NULL
            ORDER BY d.id
            """)
        .bind("kind", kind)
        .bind("except", except.toString())
        .map((row, context) -> new Nameless(row.getString("id"), row.getString("name")))
        .list()
        .forEach(
            nameless ->
                handle
                    .createUpdate(
                        """
                        INSERT INTO joyoi_definition_name (kind, folded, definition_id)
                        VALUES (:kind, :folded, :id)
                        ON DUPLICATE KEY UPDATE kind = VALUES(kind)
                        """)
                    .bind("kind", kind)
                    .bind("folded", key(nameless.name()))
                    .bind("id", nameless.id())
                    .execute());
  }

  private record Nameless(String id, String name) {}

  /** The name that stands in the way of another, or is it. */
  Optional<String> holder(Database database, String name) {
    return database.inTransaction(
        "looking who has the name '" + name + "'",
        handle -> {
          // What was adopted when the name was refused was rolled back with it.
          adopt(handle, NOBODY);
          return handle
              .createQuery(
                  """
                  SELECT d.name FROM joyoi_definition d
                  JOIN joyoi_definition_name n ON n.definition_id = d.id
                  WHERE n.kind = :kind AND n.folded = :folded
                  """)
              .bind("kind", kind)
              .bind("folded", key(name))
              .mapTo(String.class)
              .findOne();
        });
  }

  /** Of fixed length: what is folded may have eighteen times as many characters as the name. */
  private static String key(String name) {
    try {
      var bytes = Names.folded(name).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
