package com.joyoi.management.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Bytes to upload. They may be asked for more than once: a lost connection is tried again from the
 * start.
 */
public interface BlobContent {
  /** {@link #length()} where nobody knows it before the end. */
  long UNKNOWN_LENGTH = -1;

  /** A new stream over all of it; the client closes it. */
  InputStream open() throws IOException;

  /** Bytes, {@link #UNKNOWN_LENGTH} when not known. */
  default long length() throws IOException {
    return UNKNOWN_LENGTH;
  }

  static BlobContent of(byte[] bytes) {
    return new BlobContent() {
      @Override
      public InputStream open() {
        return new ByteArrayInputStream(bytes);
      }

      @Override
      public long length() {
        return bytes.length;
      }
    };
  }

  static BlobContent of(Path file) {
    return new FileContent(file);
  }
}
