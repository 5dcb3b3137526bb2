package com.joyoi.management.blob;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.BlobInfo;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Each content is one gzip stream, cut into chunks. */
final class GzipBlobStore implements BlobStore {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final BlobRepository repository;
  private final Clock clock;
  private final TimeBasedEpochGenerator ids = Generators.timeBasedEpochGenerator();

  GzipBlobStore(BlobRepository repository, Clock clock) {
    this.repository = repository;
    this.clock = clock;
  }

  @Override
  public BlobInfo put(InputStream content, @Nullable String remark, @Nullable Long timeStamp) {
    var id = ids.generate();
    var chunks = new ChunkOutputStream(repository, id);
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
      return repository.publish(
          new BlobInfo(
              id,
              timeStamp == null ? clock.instant().getEpochSecond() : timeStamp,
              remark,
              size,
              HexFormat.of().formatHex(digest.digest())),
          chunks.count());
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
    var info = repository.find(id).orElseThrow(() -> JoyoiException.notFound("blob", id));
    var chunks = new ChunkInputStream(repository, id, repository.chunks(id));
    try {
      return new VerifyingInputStream(info, new GZIPInputStream(chunks, BUFFER_BYTES));
    } catch (IOException e) {
      return new BrokenInputStream(
          new IOException("blob " + id + " is damaged: " + e.getMessage(), e));
    }
  }

  @Override
  public Optional<BlobInfo> find(UUID id) {
    return repository.find(id);
  }

  @Override
  public List<BlobInfo> list() {
    return repository.list();
  }

  @Override
  public Set<UUID> missing(Collection<UUID> blobs) {
    return repository.missing(blobs);
  }

  @Override
  public boolean delete(UUID id) {
    return repository.delete(id);
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
