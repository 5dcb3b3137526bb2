package com.joyoi.management.blob;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;

/**
 * A content in memory, ready to be stored along with something else.
 *
 * @param size of the content in bytes
 */
public record SmallContent(String sha256, long size, byte[] gzip) {
  /** What is worth being held in memory until it is stored. */
  public static final int MAX_BYTES = 64 << 10;

  public static SmallContent of(byte[] content) {
    var bytes = new ByteArrayOutputStream(content.length / 2 + 64);
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    var sha256 = HexFormat.of().formatHex(Sha256.start().digest(content));
    return new SmallContent(sha256, content.length, bytes.toByteArray());
  }
}
