package com.joyoi.management.blob;

import com.joyoi.management.listing.Listing;
import com.joyoi.management.model.BlobInfo;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The port to stored blobs: content in chunks, once for each SHA-256. How a chunk is packed is the
 * store's business. Every call blocks.
 */
public interface BlobRepository {
  Optional<BlobInfo> find(UUID id);

  /** Those of {@code ids} that do not exist. */
  Set<UUID> missing(Collection<UUID> ids);

  /** As {@link BlobStore#listing}. */
  Listing<BlobInfo> listing(@Nullable UUID after, int limit);

  /**
   * Stores one chunk of a blob that nobody can see before {@link #publish}. The array is the
   * caller's again when this returns. Chunk 0 comes first; the others may be written at once.
   */
  void writeChunk(UUID id, int index, byte[] chunk);

  /**
   * Stores a blob of one chunk whole; when its content is there already, writes none.
   *
   * @param chunk asked for only when it is to be written
   * @return the blob that has this content now, which may be an older one; its last use is now
   */
  BlobInfo store(BlobInfo blob, Supplier<byte[]> chunk);

  /**
   * Makes a written blob visible; when the content is there already, drops the new chunks.
   *
   * @return the blob that has this content now, which may be an older one; its last use is now
   */
  BlobInfo publish(BlobInfo blob, int chunks);

  /** Drops the chunks of a blob that was not published. */
  void abandon(UUID id);

  /** One chunk of a blob, null when it is missing. */
  byte @Nullable [] readChunk(UUID id, int index);

  /**
   * A published blob, with its content when that is stored beside it.
   *
   * @param referred whether something refers to it, so that it can't be gone: then it may come from
   *     memory
   */
  Optional<StoredBlob> open(UUID id, boolean referred);

  /** Reads some blobs that something refers to, so that {@link #open} finds them in memory. */
  void prefetch(Collection<UUID> ids);

  /**
   * Removes a blob.
   *
   * @return false when there is none
   * @throws com.joyoi.management.error.JoyoiException CONFLICT while an instance refers to it
   */
  boolean delete(UUID id);

  /**
   * Drops chunks of blobs that were never published, and of deleted ones that a crash left.
   *
   * @param olderThan spares those that were written to since
   * @return how many blobs were dropped
   */
  int dropUnpublished(Instant olderThan);

  /**
   * Removes blobs that nothing refers to.
   *
   * @param unusedSince spares those that were put, or referred to, since
   * @param limit at most so many at once
   * @return how many were removed
   */
  int dropUnused(Instant unusedSince, int limit);

  /**
   * A published blob.
   *
   * @param chunks how many there are; one where the content is here
   * @param content the only chunk of a small content, null when there are chunks to be read
   */
  record StoredBlob(BlobInfo info, int chunks, byte @Nullable [] content) {}
}
