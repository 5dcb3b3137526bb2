package com.joyoi.management.blob;

import com.joyoi.management.model.BlobInfo;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Tells the end of a content only when its length and hash are those that it was stored with.
 * Confined to one thread.
 */
final class VerifyingInputStream extends FilterInputStream {
  private final BlobInfo info;
  private final MessageDigest digest = Sha256.start();
  private long read;
  private boolean ended;

  VerifyingInputStream(BlobInfo info, InputStream content) {
    super(content);
    this.info = info;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (ended) {
      return -1;
    }
    int count = readChecked(bytes, offset, length);
    if (count < 0) {
      verify();
      ended = true;
      return -1;
    }
    digest.update(bytes, offset, count);
    read += count;
    if (read > info.size()) {
      throw damaged("it is longer than its " + info.size() + " bytes");
    }
    return count;
  }

  private int readChecked(byte[] bytes, int offset, int length) throws IOException {
    try {
      return in.read(bytes, offset, length);
    } catch (IOException e) {
      if (e.getMessage() != null && e.getMessage().contains(info.id().toString())) {
        throw e;
      }
      throw new IOException("blob " + info.id() + " is damaged: " + e.getMessage(), e);
    }
  }

  private void verify() throws IOException {
    if (read != info.size()) {
      throw damaged("it ends after " + read + " of " + info.size() + " bytes");
    }
    var sha256 = HexFormat.of().formatHex(digest.digest());
    if (!sha256.equals(info.sha256())) {
      throw damaged("its SHA-256 is " + sha256 + ", not " + info.sha256());
    }
  }

  private IOException damaged(String how) {
    return new IOException("blob " + info.id() + " is damaged: " + how);
  }

  /** Skipped bytes count for the hash, so they are read. */
  @Override
  public long skip(long count) throws IOException {
    var buffer = new byte[(int) Math.min(Math.max(count, 0), 64 * 1024)];
    long skipped = 0;
    while (skipped < count) {
      int part = read(buffer, 0, (int) Math.min(buffer.length, count - skipped));
      if (part < 0) {
        break;
      }
      skipped += part;
    }
    return skipped;
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
