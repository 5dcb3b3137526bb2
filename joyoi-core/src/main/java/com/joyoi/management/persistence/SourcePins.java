package com.joyoi.management.persistence;

import com.joyoi.management.error.JoyoiException;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What keeps the sources that instances use. */
final class SourcePins {
  private final Dialect dialect;

  SourcePins(Dialect dialect) {
    this.dialect = dialect;
  }

  /** Keeps a source from being dropped until the transaction, which pins it, has ended. */
  void lock(Handle handle, @Nullable String hash) {
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

  static Optional<String> find(Handle handle, UUID instance, String actor) {
    return handle
        .createQuery(
            "SELECT source_hash FROM joyoi_actor_pin WHERE instance_id = :id AND actor = :actor")
        .bind("id", instance.toString())
        .bind("actor", actor)
        .mapTo(String.class)
        .findOne();
  }

  void insert(Handle handle, UUID instance, String actor, String hash) {
    lock(handle, hash);
    handle
        .createUpdate(
            "INSERT INTO joyoi_actor_pin (instance_id, actor, source_hash)"
                + " VALUES (:id, :actor, :hash)")
        .bind("id", instance.toString())
        .bind("actor", actor)
        .bind("hash", hash)
        .execute();
  }

  static void drop(Handle handle, UUID instance) {
    handle
        .createUpdate("DELETE FROM joyoi_actor_pin WHERE instance_id = :id")
        .bind("id", instance.toString())
        .execute();
  }
}
