package com.joyoi.management.persistence;

import com.joyoi.management.error.JoyoiException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Chunks that nobody can see, of blobs that are being written or dropped. A row in {@code
 * joyoi_blob_upload} stands for them, so that none is forgotten when the process dies; once it is
 * marked as abandoned, nobody can publish the blob any more.
 */
final class BlobUploads {
  /** Chunks that one transaction drops: some 50 MB, which no server's log minds. */
  private static final int DROPPED_AT_ONCE = 16;

  private static final int CLEANED_AT_ONCE = 1000;

  /** Often enough for chunks that are cleaned up after hours without one. */
  private static final Duration TOUCH_PERIOD = Duration.ofMinutes(1);

  private final Database database;

  BlobUploads(Database database) {
    this.database = database;
  }

  void writeChunk(UUID id, int index, byte[] chunk) {
    if (index == 0) {
      database.run(
          "writing blob " + id,
          handle -> {
            mark(handle, id, false);
            BlobChunks.insert(handle, id, index, chunk);
          });
      return;
    }
    var touched =
        database.inTransaction(
            "writing blob " + id,
            handle -> {
              var found = lockShared(handle, id);
              BlobChunks.insert(handle, id, index, chunk);
              return found;
            });
    if (touched.plus(TOUCH_PERIOD).isBefore(database.now())) {
      database.run("writing blob " + id, handle -> touch(handle, id));
    }
  }

  /**
   * When it was touched last. Nobody drops its chunks before the transaction ends, and several can
   * be written at once.
   */
  private Instant lockShared(Handle handle, UUID id) {
    return handle
        .createQuery(
            "SELECT touched FROM joyoi_blob_upload WHERE id = :id AND abandoned = FALSE "
                + database.dialect().sharedLock())
        .bind("id", id.toString())
        .map((row, context) -> Columns.time(row, "touched"))
        .findOne()
        .orElseThrow(() -> tooSlow(id));
  }

  private void touch(Handle handle, UUID id) {
    requireOwn(
        id,
        handle
            .createUpdate(
                "UPDATE joyoi_blob_upload SET touched = :now WHERE id = :id AND abandoned = FALSE")
            .bind("id", id.toString())
            .bind("now", Columns.time(database.now()))
            .execute());
  }

  private void mark(Handle handle, UUID id, boolean abandoned) {
    handle
        .createUpdate(
            """
            INSERT INTO joyoi_blob_upload (id, touched, abandoned)
            VALUES (:id, :now, :abandoned) ON DUPLICATE KEY UPDATE touched = VALUES(touched)
            """)
        .bind("id", id.toString())
        .bind("now", Columns.time(database.now()))
        .bind("abandoned", abandoned)
        .execute();
  }

  /** The chunks belong to a published blob now. */
  void published(Handle handle, UUID id) {
    requireOwn(
        id,
        handle
            .createUpdate("DELETE FROM joyoi_blob_upload WHERE id = :id AND abandoned = FALSE")
            .bind("id", id.toString())
            .execute());
  }

  /** The chunks belong to a published blob no more. */
  void toDrop(Handle handle, UUID id) {
    mark(handle, id, true);
  }

  /** Drops the chunks of a blob that is not published, in small steps. */
  void drop(UUID id) {
    if (abandon(id, null)) {
      dropAbandoned(id);
    }
  }

  /** How many were dropped. */
  int dropOlderThan(Instant time) {
    var candidates =
        database.inTransaction(
            "looking for unpublished blobs",
            handle ->
                handle
                    .createQuery(
                        "SELECT id FROM joyoi_blob_upload WHERE touched < :time LIMIT :limit")
                    .bind("time", Columns.time(time))
                    .bind("limit", CLEANED_AT_ONCE)
                    .map((row, context) -> Columns.uuid(row, "id"))
                    .list());
    int dropped = 0;
    for (var id : candidates) {
      if (abandon(id, time)) {
        dropAbandoned(id);
        dropped++;
      }
    }
    return dropped;
  }

  /** False when it is no upload any more, or was touched since a time where one is given. */
  private boolean abandon(UUID id, @Nullable Instant notTouchedSince) {
    return database.inTransaction(
        "abandoning blob " + id,
        handle -> {
          var condition = notTouchedSince == null ? "" : " AND touched < :time";
          var update =
              handle
                  .createUpdate(
                      "UPDATE joyoi_blob_upload SET abandoned = TRUE WHERE id = :id" + condition)
                  .bind("id", id.toString());
          if (notTouchedSince != null) {
            update.bind("time", Columns.time(notTouchedSince));
          }
          return update.execute() > 0;
        });
  }

  private void dropAbandoned(UUID id) {
    var chunks =
        database.inTransaction(
            "dropping blob " + id,
            handle ->
                handle
                    .createQuery(
                        "SELECT chunk_index FROM joyoi_blob_chunk WHERE blob_id = :id"
                            + " ORDER BY chunk_index")
                    .bind("id", id.toString())
                    .mapTo(Integer.class)
                    .list());
    for (var batch : Batches.of(chunks, DROPPED_AT_ONCE)) {
      database.inTransaction(
          "dropping blob " + id,
          handle ->
              handle
                  .createUpdate(
                      "DELETE FROM joyoi_blob_chunk"
                          + " WHERE blob_id = :id AND chunk_index IN (<chunks>)")
                  .bind("id", id.toString())
                  .bindList("chunks", batch)
                  .execute());
    }
    database.inTransaction(
        "dropping blob " + id,
        handle ->
            handle
                .createUpdate("DELETE FROM joyoi_blob_upload WHERE id = :id")
                .bind("id", id.toString())
                .execute());
  }

  private static void requireOwn(UUID id, int rows) {
    if (rows == 0) {
      throw tooSlow(id);
    }
  }

  private static JoyoiException tooSlow(UUID id) {
    return new JoyoiException(
        JoyoiException.Kind.UNAVAILABLE,
        "blob " + id + " was written too slowly: its chunks were cleaned up; put it again");
  }
}
