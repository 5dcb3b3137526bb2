package com.joyoi.management.persistence;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.joyoi.management.blob.BlobRepository.StoredBlob;
import com.joyoi.management.model.BlobInfo;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Blobs that this process has just stored or read, small ones with their content. A blob never
 * changes; but others may have removed it since. So only who refers to a blob may take what is
 * known for granted, and who comes to refer to it learns from the foreign key. Thread-safe.
 */
final class KnownBlobs {
  /** Contents up to here are read whole, and are worth being kept. */
  static final int SMALL_BYTES = 64 << 10;

  /** The programs, inputs and outputs that busy judges have in hand. */
  private static final long MAX_BYTES = 32 << 20;

  /** What an entry without content takes. */
  private static final int ENTRY_BYTES = 500;

  private final Cache<UUID, StoredBlob> byId =
      Caffeine.newBuilder()
          .maximumWeight(MAX_BYTES)
          .weigher((UUID id, StoredBlob blob) -> weight(blob))
          .executor(Runnable::run)
          .build();

  private final Cache<String, BlobInfo> byContent =
      Caffeine.newBuilder()
          .maximumSize(MAX_BYTES / 2 / ENTRY_BYTES)
          .executor(Runnable::run)
          .build();

  private static int weight(StoredBlob blob) {
    var content = blob.content();
    return ENTRY_BYTES + (content == null ? 0 : content.length);
  }

  @Nullable StoredBlob blob(UUID id) {
    return byId.getIfPresent(id);
  }

  @Nullable BlobInfo info(String sha256) {
    return byContent.getIfPresent(sha256);
  }

  void remember(StoredBlob blob) {
    byId.put(blob.info().id(), blob);
    byContent.put(blob.info().sha256(), blob.info());
  }

  void forget(UUID id) {
    var known = byId.asMap().remove(id);
    if (known != null) {
      byContent.invalidate(known.info().sha256());
    }
  }
}
