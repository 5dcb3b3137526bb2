package com.joyoi.management.persistence;

import com.joyoi.management.error.JoyoiException;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What keeps the sources that instances use. */
final class SourcePins {
  static final String INSERT =
      """
      INSERT INTO joyoi_actor_pin (instance_id, actor, source_hash)
      VALUES (:id, :actor, :hash) ON DUPLICATE KEY UPDATE actor = VALUES(actor)
      """;

  static final String DROP = "DELETE FROM joyoi_actor_pin WHERE instance_id = :id";

  private SourcePins() {}

  /** Keeps a source from being dropped until the transaction, which pins it, has ended. */
  static void lock(Handle handle, Dialect dialect, @Nullable String hash) {
    if (hash == null) {
      return;
    }
    var found =
        handle
            .createQuery("SELECT hash FROM joyoi_source WHERE hash = :hash " + dialect.sharedLock())
            .bind("hash", hash)
            .mapTo(String.class)
            .findOne();
    if (found.isEmpty()) {
      throw JoyoiException.conflict(
          "source " + hash + " is no longer stored; the definition has changed");
    }
  }

  /** The pinned hashes by actor. */
  static Map<String, String> of(Handle handle, UUID instance) {
    return handle
        .createQuery("SELECT actor, source_hash FROM joyoi_actor_pin WHERE instance_id = :id")
        .bind("id", instance.toString())
        .collectRows(
            Collectors.toMap(
                row -> row.getColumn("actor", String.class),
                row -> row.getColumn("source_hash", String.class)));
  }

  static void drop(Handle handle, UUID instance) {
    handle.createUpdate(DROP).bind("id", instance.toString()).execute();
  }
}
