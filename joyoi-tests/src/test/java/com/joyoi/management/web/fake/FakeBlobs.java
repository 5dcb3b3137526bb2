package com.joyoi.management.web.fake;

import com.joyoi.management.blob.BlobStore;
import com.joyoi.management.blob.BlobUpload;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.listing.ListedInMemory;
import com.joyoi.management.listing.Listing;
import com.joyoi.management.model.BlobInfo;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Blobs in memory, once for each content. */
public final class FakeBlobs implements BlobStore {
  private final Map<UUID, BlobInfo> infos = new LinkedHashMap<>();
  private final Map<UUID, byte[]> contents = new LinkedHashMap<>();
  private final Set<UUID> referred = new HashSet<>();
  private final Set<UUID> damaged = new HashSet<>();

  @Override
  public BlobUpload upload(InputStream content) {
    byte[] bytes;
    try {
      bytes = content.readAllBytes();
    } catch (IOException e) {
      throw new JoyoiException(JoyoiException.Kind.UNAVAILABLE, "unreadable: " + e, e);
    }
    return new BlobUpload() {
      @Override
      public InputStream open() {
        return new ByteArrayInputStream(bytes);
      }

      @Override
      public BlobInfo publish(String remark, Long timeStamp) {
        return FakeBlobs.this.publish(bytes, remark, timeStamp);
      }

      @Override
      public void close() {}
    };
  }

  private synchronized BlobInfo publish(byte[] bytes, String remark, Long timeStamp) {
    var sha256 = sha256(bytes);
    for (var info : infos.values()) {
      if (info.sha256().equals(sha256)) {
        return info;
      }
    }
    var info =
        new BlobInfo(
            new UUID(2, infos.size() + 1),
            timeStamp == null ? 1_700_000_000L : timeStamp,
            remark,
            bytes.length,
            sha256);
    infos.put(info.id(), info);
    contents.put(info.id(), bytes);
    return info;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public synchronized InputStream open(UUID id) {
    var bytes = contents.get(id);
    if (bytes == null) {
      throw JoyoiException.notFound("blob", id);
    }
    var whole = new ByteArrayInputStream(bytes);
    return damaged.contains(id) ? new DamagedStream(whole) : whole;
  }

  @Override
  public synchronized Optional<BlobInfo> find(UUID id) {
    return Optional.ofNullable(infos.get(id));
  }

  @Override
  public synchronized Listing<BlobInfo> listing(UUID after, int limit) {
    return ListedInMemory.of(infos.values(), BlobInfo::id, after, limit);
  }

  @Override
  public synchronized Set<UUID> missing(Collection<UUID> ids) {
    var missing = new HashSet<>(ids);
    missing.removeAll(infos.keySet());
    return missing;
  }

  @Override
  public synchronized boolean delete(UUID id) {
    if (referred.contains(id)) {
      throw JoyoiException.conflict("blob " + id + " is referred to by an instance");
    }
    contents.remove(id);
    return infos.remove(id) != null;
  }

  /** From now on an instance refers to it. */
  public synchronized void refer(UUID id) {
    referred.add(id);
  }

  /** From now on its last byte is missing, and reading it fails. */
  public synchronized void damage(UUID id) {
    damaged.add(id);
  }

  /** Fails where the end should be. */
  private static final class DamagedStream extends InputStream {
    private final InputStream content;

    DamagedStream(InputStream content) {
      this.content = content;
    }

    @Override
    public int read() throws IOException {
      int value = content.available() > 1 ? content.read() : -1;
      if (value < 0) {
        throw new IOException("blob is damaged");
      }
      return value;
    }
  }
}
