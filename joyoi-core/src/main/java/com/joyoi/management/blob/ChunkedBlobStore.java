package com.joyoi.management.blob;

import com.joyoi.management.blob.BlobRepository.StoredBlob;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.listing.Listing;
import com.joyoi.management.listing.TimeOrderedIds;
import com.joyoi.management.model.BlobInfo;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Each content is cut into chunks, which are packed one by one. A small one is stored whole, and
 * only when it is not there yet.
 */
final class ChunkedBlobStore implements BlobStore {
  /** For contents of earlier versions. */
  private static final int BUFFER_BYTES = 16 * 1024;

  private final BlobRepository repository;
  private final Clock clock;
  private final ChunkMemory memory = new ChunkMemory(Runtime.getRuntime().maxMemory() / 16);
  private final Executor threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("blob-", 0).factory());
  private final TimeOrderedIds ids;
  private final boolean referred;

  ChunkedBlobStore(BlobRepository repository, Clock clock) {
    this(repository, clock, new TimeOrderedIds(clock), false);
  }

  private ChunkedBlobStore(
      BlobRepository repository, Clock clock, TimeOrderedIds ids, boolean referred) {
    this.repository = repository;
    this.clock = clock;
    this.ids = ids;
    this.referred = referred;
  }

  @Override
  public BlobStore ofReferred() {
    return new ChunkedBlobStore(repository, clock, ids, true);
  }

  @Override
  public void prefetch(Collection<UUID> blobs) {
    repository.prefetch(blobs);
  }

  @Override
  public BlobUpload upload(InputStream content) {
    var id = ids.next();
    var chunks = new ChunkWriter(repository, memory, threads, id);
    try {
      chunks.readAll(content);
      return new Stored(new BlobInfo(id, 0, null, chunks.size(), chunks.sha256()), chunks);
    } catch (IOException e) {
      var failure =
          new JoyoiException(
              JoyoiException.Kind.INVALID,
              "the content could not be read to its end; nothing was stored: " + e.getMessage(),
              e);
      abandon(chunks, id, failure);
      throw failure;
    } catch (RuntimeException e) {
      abandon(chunks, id, e);
      throw e;
    }
  }

  private void abandon(ChunkWriter chunks, UUID id, RuntimeException failure) {
    chunks.close();
    if (chunks.isHeld()) {
      return;
    }
    try {
      repository.abandon(id);
    } catch (RuntimeException e) {
      // The chunks stay until unpublished ones are cleaned up.
      failure.addSuppressed(e);
    }
  }

  @Override
  public InputStream open(UUID id) {
    var blob = repository.open(id, referred).orElseThrow(() -> JoyoiException.notFound("blob", id));
    var content = blob.content();
    return open(blob.info(), content == null ? blob.chunks() : 0, content);
  }

  /**
   * @param count chunks that are to be read
   * @param known the only one, null when it has to be read
   */
  private InputStream open(BlobInfo info, int count, byte @Nullable [] known) {
    var chunks = new ChunkReader(repository, memory, threads, info.id(), count);
    try {
      var first = known == null ? chunks.next() : known;
      return new VerifyingInputStream(
          info, first == null ? InputStream.nullInputStream() : content(first, chunks));
    } catch (IOException e) {
      chunks.close();
      var text = String.valueOf(e.getMessage());
      return new BrokenInputStream(
          text.contains(info.id().toString())
              ? e
              : new IOException("blob " + info.id() + " is damaged: " + text, e));
    }
  }

  private static InputStream content(byte[] first, ChunkReader chunks) throws IOException {
    return Chunk.isOfGzip(first)
        ? new GZIPInputStream(
            new ChunkInputStream(first, chunks, ByteArrayInputStream::new), BUFFER_BYTES)
        : new ChunkInputStream(first, chunks, Chunk::content);
  }

  @Override
  public Optional<BlobInfo> find(UUID id) {
    return referred ? repository.open(id, true).map(StoredBlob::info) : repository.find(id);
  }

  @Override
  public Listing<BlobInfo> listing(@Nullable UUID after, int limit) {
    return repository.listing(after, limit);
  }

  @Override
  public Set<UUID> missing(Collection<UUID> blobs) {
    return repository.missing(blobs);
  }

  @Override
  public boolean delete(UUID id) {
    return repository.delete(id);
  }

  /** What is not published, stored or in memory; its remark and time stamp are still to come. */
  private final class Stored implements BlobUpload {
    private final BlobInfo content;
    private final ChunkWriter chunks;
    private boolean done;

    Stored(BlobInfo content, ChunkWriter chunks) {
      this.content = content;
      this.chunks = chunks;
      if (!chunks.isHeld()) {
        chunks.close();
      }
    }

    @Override
    public InputStream open() {
      return chunks.isHeld()
          ? chunks.open()
          : ChunkedBlobStore.this.open(content, chunks.count(), null);
    }

    @Override
    public BlobInfo publish(@Nullable String remark, @Nullable Long timeStamp) {
      long time = timeStamp == null ? clock.instant().getEpochSecond() : timeStamp;
      var blob = new BlobInfo(content.id(), time, remark, content.size(), content.sha256());
      var published =
          chunks.isHeld()
              ? repository.store(blob, chunks::held)
              : repository.publish(blob, chunks.count());
      done = true;
      return published;
    }

    @Override
    public void close() {
      chunks.close();
      if (!done && !chunks.isHeld()) {
        repository.abandon(content.id());
      }
      done = true;
    }
  }

  /** What is damaged at its very beginning: reading fails, as it does for damage further on. */
  private static final class BrokenInputStream extends InputStream {
    private final IOException damage;

    BrokenInputStream(IOException damage) {
      this.damage = damage;
    }

    @Override
    public int read() throws IOException {
      throw damage;
    }
  }
}
