package com.joyoi.management.persistence;

import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Rows that keep blobs. Referring locks the blob's row shared, deleting locks it exclusively: one
 * waits for the other, and then sees what it did. Rows are locked in the order of their ids.
 */
final class BlobReferences {
  static final String INSERT =
      """
      INSERT INTO joyoi_blob_reference (instance_id, owner, blob_id)
      VALUES (:instance, :owner, :blob)
      ON DUPLICATE KEY UPDATE owner = VALUES(owner)
      """;

  private static final int BATCH = 500;

  private BlobReferences() {}

  /** Those of {@code ids} that exist; they stay until the transaction has ended. */
  static Set<String> lock(Handle handle, Dialect dialect, SortedSet<String> ids) {
    var found = new HashSet<String>();
    for (var batch : Batches.of(ids, BATCH)) {
      handle
          .createQuery(
              "SELECT id FROM joyoi_blob WHERE id IN (<ids>) ORDER BY id " + dialect.sharedLock())
          .bindList("ids", batch)
          .mapTo(String.class)
          .forEach(found::add);
    }
    return found;
  }

  /** Takes an owner's references away: from now on the blobs count as unused. */
  static void remove(Handle handle, UUID instance, Collection<UUID> owners, Instant now) {
    for (var batch : Batches.of(owners.stream().map(UUID::toString).toList(), BATCH)) {
      touch(
          handle,
          handle
              .createQuery(
                  """
                  SELECT DISTINCT blob_id FROM joyoi_blob_reference
                  WHERE instance_id = :instance AND owner IN (<owners>)
                  """)
              .bind("instance", instance.toString())
              .bindList("owners", batch)
              .mapTo(String.class)
              .list(),
          now);
      handle
          .createUpdate(
              "DELETE FROM joyoi_blob_reference"
                  + " WHERE instance_id = :instance AND owner IN (<owners>)")
          .bind("instance", instance.toString())
          .bindList("owners", batch)
          .execute();
    }
  }

  /** Takes all references of an instance away. */
  static void removeAll(Handle handle, UUID instance, Instant now) {
    touch(
        handle,
        handle
            .createQuery(
                "SELECT DISTINCT blob_id FROM joyoi_blob_reference WHERE instance_id = :instance")
            .bind("instance", instance.toString())
            .mapTo(String.class)
            .list(),
        now);
    handle
        .createUpdate("DELETE FROM joyoi_blob_reference WHERE instance_id = :instance")
        .bind("instance", instance.toString())
        .execute();
  }

  private static void touch(Handle handle, List<String> blobs, Instant now) {
    for (var batch : Batches.of(new TreeSet<>(blobs), BATCH)) {
      handle
          .createUpdate("UPDATE joyoi_blob SET last_used = :now WHERE id IN (<ids>)")
          .bind("now", Columns.time(now))
          .bindList("ids", batch)
          .execute();
    }
  }
}
