package com.joyoi.management.persistence;

import com.joyoi.management.blob.BlobRepository;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.listing.Listing;
import com.joyoi.management.listing.Pages;
import com.joyoi.management.model.BlobInfo;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Blobs in three tables: what is published, what is being written or dropped, and the chunks of
 * both. The unique key on the hash decides who publishes a content first.
 */
final class JdbiBlobs implements BlobRepository {
  private static final int BATCH = 500;

  /** A content can be published and deleted by others between two tries; not so often in a row. */
  private static final int PUBLISH_TRIES = 20;

  /** Some megabytes at most. */
  private static final int PREFETCHED_AT_ONCE = 100;

  private final Database database;
  private final KnownBlobs known;
  private final BlobUploads uploads;

  JdbiBlobs(Database database, KnownBlobs known) {
    this.database = database;
    this.known = known;
    this.uploads = new BlobUploads(database);
  }

  @Override
  public Optional<BlobInfo> find(UUID id) {
    return database.inTransaction(
        "reading blob " + id, handle -> BlobRow.find(handle, id).map(BlobRow::info));
  }

  @Override
  public Set<UUID> missing(Collection<UUID> ids) {
    var missing = new HashSet<>(ids);
    database.run(
        "looking for blobs",
        handle -> {
          for (var batch : Batches.of(ids.stream().map(UUID::toString).toList(), BATCH)) {
            handle
                .createQuery("SELECT id FROM joyoi_blob WHERE id IN (<ids>)")
                .bindList("ids", batch)
                .map((row, context) -> Columns.uuid(row, "id"))
                .forEach(missing::remove);
          }
        });
    return missing;
  }

  @Override
  public Listing<BlobInfo> listing(@Nullable UUID after, int limit) {
    var blobs =
        new KeyedPages<>(
            database,
            "listing blobs",
            "SELECT " + BlobRow.COLUMNS + " FROM joyoi_blob WHERE 1 = 1",
            "SELECT id AS list_key, 300 + COALESCE(LENGTH(remark), 0) AS list_size"
                + " FROM joyoi_blob WHERE 1 = 1",
            "id",
            Map.of(),
            UUID::fromString,
            (row, context) -> BlobRow.read(row).info());
    return Pages.of(blobs, after, limit);
  }

  @Override
  public void writeChunk(UUID id, int index, byte[] chunk) {
    uploads.writeChunk(id, index, chunk);
  }

  @Override
  public BlobInfo store(BlobInfo blob, Supplier<byte[]> chunk) {
    return adoptOr(
        blob,
        1,
        handle -> {
          var content = chunk.get();
          boolean small = blob.size() <= KnownBlobs.SMALL_BYTES;
          new BlobRow(blob, 1).insert(handle, small ? content : null, database.now());
          if (!small) {
            BlobChunks.insert(handle, blob.id(), 0, content);
          }
        });
  }

  @Override
  public BlobInfo publish(BlobInfo blob, int chunks) {
    var published =
        adoptOr(
            blob,
            chunks,
            handle -> {
              new BlobRow(blob, chunks).insert(handle, null, database.now());
              uploads.published(handle, blob.id());
            });
    if (!published.id().equals(blob.id())) {
      uploads.drop(blob.id());
    }
    return published;
  }

  /** The blob that has the content already, else this one, inserted. */
  private BlobInfo adoptOr(BlobInfo blob, int chunks, Consumer<Handle> insert) {
    for (int tries = 0; tries < PUBLISH_TRIES; tries++) {
      var existing = adopt(blob.sha256());
      if (existing.isPresent()) {
        return existing.get();
      }
      try {
        database.run("publishing blob " + blob.id(), insert);
        if (blob.size() > KnownBlobs.SMALL_BYTES) {
          known.remember(new StoredBlob(blob, chunks, null));
        }
        return blob;
      } catch (JoyoiException e) {
        // Somebody else was first with this content, or this very try took place: look again.
        if (!SqlFailures.isConstraintViolation(e)) {
          throw e;
        }
      }
    }
    throw new JoyoiException(
        JoyoiException.Kind.BUSY,
        "blob " + blob.id() + " was not stored: the same content is being put and deleted at once");
  }

  /** The blob that has a content already; from now on it counts as just used. */
  private Optional<BlobInfo> adopt(String sha256) {
    return database.inTransaction(
        "looking for content " + sha256,
        handle -> {
          var row = BlobRow.lockContent(handle, sha256);
          row.ifPresent(
              found ->
                  handle
                      .createUpdate("UPDATE joyoi_blob SET last_used = :now WHERE id = :id")
                      .bind("id", found.info().id().toString())
                      .bind("now", Columns.time(database.now()))
                      .execute());
          return row.map(BlobRow::info);
        });
  }

  @Override
  public void abandon(UUID id) {
    uploads.drop(id);
  }

  @Override
  public byte @Nullable [] readChunk(UUID id, int index) {
    return database.inTransaction(
        "reading blob " + id, handle -> BlobChunks.find(handle, id, index));
  }

  @Override
  public Optional<StoredBlob> open(UUID id, boolean referred) {
    var remembered = referred ? known.blob(id) : null;
    if (remembered != null) {
      return Optional.of(remembered);
    }
    return read(List.of(id)).stream().findFirst();
  }

  @Override
  public void prefetch(Collection<UUID> ids) {
    var unknown = ids.stream().distinct().filter(id -> known.blob(id) == null).toList();
    Batches.of(unknown, PREFETCHED_AT_ONCE).forEach(this::read);
  }

  private List<StoredBlob> read(List<UUID> ids) {
    var found = database.inTransaction("reading blobs", handle -> BlobRow.stored(handle, ids));
    found.forEach(known::remember);
    return found;
  }

  @Override
  public boolean delete(UUID id) {
    return delete(id, null);
  }

  /** Removes a blob, only when it was not used since a time where one is given. */
  private boolean delete(UUID id, @Nullable Instant unusedSince) {
    // A repeated deletion finds nothing when the first one took place.
    var removed = new AtomicBoolean();
    database.run(
        "deleting blob " + id,
        handle -> {
          var row = BlobRow.lock(handle, id, unusedSince);
          if (row.isPresent()) {
            refuseWhileReferred(handle, id);
            BlobRow.delete(handle, id);
            uploads.toDrop(handle, id);
            removed.set(true);
          }
        });
    if (removed.get()) {
      known.forget(id);
      uploads.drop(id);
    }
    return removed.get();
  }

  private static void refuseWhileReferred(Handle handle, UUID id) {
    handle
        .createQuery("SELECT instance_id FROM joyoi_blob_reference WHERE blob_id = :id LIMIT 1")
        .bind("id", id.toString())
        .mapTo(String.class)
        .findOne()
        .ifPresent(
            instance -> {
              throw JoyoiException.conflict(
                  "blob " + id + " is in use by state machine instance " + instance);
            });
  }

  @Override
  public int dropUnpublished(Instant olderThan) {
    return uploads.dropOlderThan(olderThan);
  }

  @Override
  public int dropUnused(Instant unusedSince, int limit) {
    int dropped = 0;
    boolean more = true;
    while (more && dropped < limit) {
      var oldest = oldest(unusedSince, limit - dropped);
      more = !oldest.isEmpty();
      var referred = new TreeSet<String>();
      for (var blob : oldest) {
        if (blob.referred() || !deleted(blob.id(), unusedSince)) {
          referred.add(blob.id().toString());
        } else {
          dropped++;
        }
      }
      putOff(referred, unusedSince);
    }
    return dropped;
  }

  /** A blob that was used last before some time. */
  private record Old(UUID id, boolean referred) {}

  private List<Old> oldest(Instant unusedSince, int limit) {
    return database.inTransaction(
        "looking for unused blobs",
        handle ->
            handle
                .createQuery(
                    """
                    SELECT id, EXISTS
                      (SELECT 1 FROM joyoi_blob_reference r WHERE r.blob_id = b.id) AS referred
                    FROM joyoi_blob b WHERE last_used < :time ORDER BY last_used LIMIT :limit
                    """)
                .bind("time", Columns.time(unusedSince))
                .bind("limit", limit)
                .map((row, context) -> new Old(Columns.uuid(row, "id"), row.getBoolean("referred")))
                .list());
  }

  private boolean deleted(UUID id, Instant unusedSince) {
    try {
      return delete(id, unusedSince);
    } catch (JoyoiException e) {
      // Somebody has come to refer to it: it stays.
      if (e.kind() == JoyoiException.Kind.CONFLICT) {
        return false;
      }
      throw e;
    }
  }

  /**
   * What is referred to is in use now; it counts as used again when that ends. Were it not put off,
   * every look would begin with all that is in use.
   */
  private void putOff(Set<String> referred, Instant unusedSince) {
    if (!referred.isEmpty()) {
      var now = database.now();
      database.run(
          "looking for unused blobs",
          handle ->
              handle
                  .createUpdate(
                      """
                      UPDATE joyoi_blob SET last_used = :now
                      WHERE id IN (<ids>) AND last_used < :time
                      """)
                  .bind("now", Columns.time(now.isBefore(unusedSince) ? unusedSince : now))
                  .bind("time", Columns.time(unusedSince))
                  .bindList("ids", referred)
                  .execute());
    }
  }
}
