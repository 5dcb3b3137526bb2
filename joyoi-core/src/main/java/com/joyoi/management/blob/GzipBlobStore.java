package com.joyoi.management.blob;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import com.joyoi.management.blob.BlobRepository.StoredBlob;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.listing.Listing;
import com.joyoi.management.model.BlobInfo;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Each content is one gzip stream, cut into chunks. */
final class GzipBlobStore implements BlobStore {
  /** Each content that is stored or read has a few of them. */
  private static final int BUFFER_BYTES = 16 * 1024;

  private final BlobRepository repository;
  private final Clock clock;
  private final ChunkMemory memory = new ChunkMemory(Runtime.getRuntime().maxMemory() / 16);
  private final TimeBasedEpochGenerator ids = Generators.timeBasedEpochGenerator();

  private final boolean referred;

  GzipBlobStore(BlobRepository repository, Clock clock) {
    this(repository, clock, false);
  }

  private GzipBlobStore(BlobRepository repository, Clock clock, boolean referred) {
    this.repository = repository;
    this.clock = clock;
    this.referred = referred;
  }

  @Override
  public BlobStore ofReferred() {
    return new GzipBlobStore(repository, clock, true);
  }

  @Override
  public void prefetch(Collection<UUID> blobs) {
    repository.prefetch(blobs);
  }

  @Override
  public BlobUpload upload(InputStream content) {
    var id = ids.generate();
    var chunks = new ChunkOutputStream(repository, memory, id);
    try {
      var digest = Sha256.start();
      long size = 0;
      try (var gzip = new GZIPOutputStream(chunks, BUFFER_BYTES)) {
        var buffer = new byte[BUFFER_BYTES];
        for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
          digest.update(buffer, 0, read);
          gzip.write(buffer, 0, read);
          size += read;
        }
      }
      var sha256 = HexFormat.of().formatHex(digest.digest());
      return new Stored(new BlobInfo(id, 0, null, size, sha256), chunks.count());
    } catch (IOException e) {
      var failure =
          new JoyoiException(
              JoyoiException.Kind.INVALID,
              "the content could not be read to its end; nothing was stored: " + e.getMessage(),
              e);
      abandon(id, failure);
      throw failure;
    } catch (RuntimeException e) {
      abandon(id, e);
      throw e;
    }
  }

  private void abandon(UUID id, RuntimeException failure) {
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
    return content == null
        ? open(blob.info(), blob.chunks())
        : open(blob.info(), new ByteArrayInputStream(content));
  }

  private InputStream open(BlobInfo info, int count) {
    return open(info, new ChunkInputStream(repository, info.id(), count));
  }

  private static InputStream open(BlobInfo info, InputStream chunks) {
    try {
      return new VerifyingInputStream(info, new GZIPInputStream(chunks, BUFFER_BYTES));
    } catch (IOException e) {
      return new BrokenInputStream(
          new IOException("blob " + info.id() + " is damaged: " + e.getMessage(), e));
    }
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

  /** What is stored and not published; its remark and time stamp are still to come. */
  private final class Stored implements BlobUpload {
    private final BlobInfo content;
    private final int chunks;
    private boolean done;

    Stored(BlobInfo content, int chunks) {
      this.content = content;
      this.chunks = chunks;
    }

    @Override
    public InputStream open() {
      return GzipBlobStore.this.open(content, chunks);
    }

    @Override
    public BlobInfo publish(@Nullable String remark, @Nullable Long timeStamp) {
      long time = timeStamp == null ? clock.instant().getEpochSecond() : timeStamp;
      var blob =
          repository.publish(
              new BlobInfo(content.id(), time, remark, content.size(), content.sha256()), chunks);
      done = true;
      return blob;
    }

    @Override
    public void close() {
      if (!done) {
        done = true;
        repository.abandon(content.id());
      }
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
