package com.joyoi.management.blob;

import com.joyoi.management.listing.Listing;
import com.joyoi.management.model.BlobInfo;
import java.io.InputStream;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Contents that never change, each stored once. Thread-safe. Every call blocks; nothing is ever
 * held whole in memory but by the caller.
 */
public interface BlobStore {
  /**
   * A store that keeps its contents in a repository.
   *
   * @param clock of ids, and of time stamps that nobody gave
   */
  static BlobStore over(BlobRepository repository, Clock clock) {
    return new ChunkedBlobStore(repository, clock);
  }

  /**
   * Stores a content to the end of its stream; the caller closes it.
   *
   * @param remark null for none; the first remark of a content stays
   * @param timeStamp Unix seconds, null for now
   * @return the blob with that content, which may have existed before
   */
  default BlobInfo put(InputStream content, @Nullable String remark, @Nullable Long timeStamp) {
    try (var upload = upload(content)) {
      return upload.publish(remark, timeStamp);
    }
  }

  /**
   * Stores a content to the end of its stream, and shows it to nobody yet; the caller closes both.
   *
   * @throws com.joyoi.management.error.JoyoiException INVALID when the stream can't be read to its
   *     end; what the stream throws unchecked comes through. Nothing is stored then
   */
  BlobUpload upload(InputStream content);

  /**
   * Reads a content; the caller closes it. Damage is an error at the latest at its end: an {@link
   * java.io.IOException} that names the blob, never a short content.
   *
   * @throws com.joyoi.management.error.JoyoiException NOT_FOUND
   */
  InputStream open(UUID id);

  Optional<BlobInfo> find(UUID id);

  /**
   * The same contents, for those who ask only for blobs that something refers to: what is known of
   * them is not read again, since they can neither change nor go.
   */
  default BlobStore ofReferred() {
    return this;
  }

  /** Reads small contents that something refers to, and that will be asked for, all at once. */
  default void prefetch(Collection<UUID> ids) {}

  /**
   * Blobs in the order of their ids, which is about that of their puts.
   *
   * @param after begins behind this id, null at the beginning
   * @param limit at most so many; {@link Integer#MAX_VALUE} for all
   */
  Listing<BlobInfo> listing(@Nullable UUID after, int limit);

  /** All of them, in memory. */
  default List<BlobInfo> list() {
    return listing(null, Integer.MAX_VALUE).toList();
  }

  /** Those of {@code ids} that do not exist. */
  Set<UUID> missing(Collection<UUID> ids);

  /**
   * Removes a blob.
   *
   * @return false when there is none
   * @throws com.joyoi.management.error.JoyoiException CONFLICT while an instance refers to it
   */
  boolean delete(UUID id);
}
