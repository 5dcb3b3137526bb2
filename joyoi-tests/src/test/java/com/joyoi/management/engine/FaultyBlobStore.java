package com.joyoi.management.engine;

import com.joyoi.management.blob.BlobStore;
import com.joyoi.management.blob.BlobUpload;
import com.joyoi.management.listing.Listing;
import com.joyoi.management.model.BlobInfo;
import java.io.FilterInputStream;
import java.io.InputStream;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A blob store whose next put, or each, can be made to fail. */
final class FaultyBlobStore implements BlobStore {
  private final BlobStore blobs;
  private final AtomicReference<@Nullable RuntimeException> nextFailure = new AtomicReference<>();
  private final AtomicReference<@Nullable RuntimeException> nextReadFailure =
      new AtomicReference<>();
  private volatile @Nullable RuntimeException everyFailure;
  private final AtomicReference<CompletableFuture<Void>> nextHeld =
      new AtomicReference<>(CompletableFuture.completedFuture(null));
  private final CompletableFuture<Void> failed = new CompletableFuture<>();

  FaultyBlobStore(BlobStore blobs) {
    this.blobs = blobs;
  }

  void failAlways(RuntimeException failure) {
    everyFailure = failure;
  }

  void failNext(RuntimeException failure) {
    nextFailure.set(failure);
  }

  /** The next put blocks until {@code held} is complete. */
  void holdNext(CompletableFuture<Void> held) {
    nextHeld.set(held);
  }

  /** Blocks until a put has failed. */
  void awaitFailure() {
    failed.join();
  }

  @Override
  public BlobInfo put(InputStream content, @Nullable String remark, @Nullable Long timeStamp) {
    var failure = nextFailure.getAndSet(null);
    if (failure == null) {
      failure = everyFailure;
    }
    if (failure != null) {
      failed.complete(null);
      throw failure;
    }
    nextHeld.getAndSet(CompletableFuture.completedFuture(null)).join();
    return blobs.put(content, remark, timeStamp);
  }

  @Override
  public BlobUpload upload(InputStream content) {
    return blobs.upload(content);
  }

  /** The next content that is opened breaks when it is read. */
  void failNextRead(RuntimeException failure) {
    nextReadFailure.set(failure);
  }

  @Override
  public InputStream open(UUID id) {
    var content = blobs.open(id);
    var failure = nextReadFailure.getAndSet(null);
    if (failure == null) {
      return content;
    }
    return new FilterInputStream(content) {
      @Override
      public int read(byte[] target, int offset, int length) {
        throw failure;
      }
    };
  }

  @Override
  public Optional<BlobInfo> find(UUID id) {
    return blobs.find(id);
  }

  @Override
  public Listing<BlobInfo> listing(@Nullable UUID after, int limit) {
    return blobs.listing(after, limit);
  }

  @Override
  public Set<UUID> missing(Collection<UUID> ids) {
    return blobs.missing(ids);
  }

  @Override
  public boolean delete(UUID id) {
    return blobs.delete(id);
  }
}
