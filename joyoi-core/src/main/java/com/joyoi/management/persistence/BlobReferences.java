package com.joyoi.management.persistence;

import com.joyoi.management.error.JoyoiException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;

/**
 * Rows that keep blobs. Referring locks the blob's row shared, deleting locks it exclusively: one
 * waits for the other, and then sees what it did. Rows are locked in the order of their ids.
 */
final class BlobReferences {
  private static final int BATCH = 500;

  private final Dialect dialect;

  BlobReferences(Dialect dialect) {
    this.dialect = dialect;
  }

  /**
   * Makes an owner refer to blobs.
   *
   * @param field a list, named with the place of a blob that does not exist
   */
  void add(Handle handle, UUID instance, UUID owner, Collection<UUID> blobs, String field) {
    var ids = new TreeSet<String>();
    blobs.forEach(blob -> ids.add(blob.toString()));
    for (var batch : Batches.of(ids, BATCH)) {
      var found =
          new HashSet<>(
              handle
                  .createQuery(
                      "SELECT id FROM joyoi_blob WHERE id IN (<ids>) ORDER BY id "
                          + dialect.sharedLock())
                  .bindList("ids", batch)
                  .mapTo(String.class)
                  .list());
      if (found.size() < batch.size()) {
        throw missing(blobs, id -> batch.contains(id) && !found.contains(id), field);
      }
      var insert =
          handle.prepareBatch(
              """
              INSERT INTO joyoi_blob_reference (instance_id, owner, blob_id)
              VALUES (:instance, :owner, :blob)
              ON DUPLICATE KEY UPDATE owner = VALUES(owner)
              """);
      for (var id : batch) {
        insert
            .bind("instance", instance.toString())
            .bind("owner", owner.toString())
            .bind("blob", id)
            .add();
      }
      insert.execute();
    }
  }

  private static JoyoiException missing(
      Collection<UUID> blobs, Predicate<String> isMissing, String field) {
    int index = 0;
    for (var blob : blobs) {
      if (isMissing.test(blob.toString())) {
        return JoyoiException.invalid(
            field + "[" + index + "].id", blob.toString(), "the id of a blob that exists");
      }
      index++;
    }
    throw new IllegalStateException("none of " + field + " is missing");
  }

  /** Takes an owner's references away: from now on the blobs count as unused. */
  void remove(Handle handle, UUID instance, Collection<UUID> owners, Instant now) {
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
  void removeAll(Handle handle, UUID instance, Instant now) {
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
