package com.joyoi.management.functional.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.JsonNode;
import com.joyoi.management.functional.http.RawConnection.Body;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;

/**
 * A blob of noise as the C# client sends it, made while it is sent.
 *
 * @param seed two blobs with different ones differ
 * @param bytes of its content
 */
record LargeBlob(long seed, int bytes) implements Body {
  private static final int PIECE = 30_000;

  private byte[] head() {
    return ("{\"Remark\":\"noise-" + seed + "\",\"Body\":\"").getBytes(US_ASCII);
  }

  @Override
  public long length() {
    return head().length + (bytes + 2) / 3 * 4L + 2;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    out.write(head());
    // Its end must not close what it writes to.
    var open =
        new FilterOutputStream(out) {
          @Override
          public void write(byte[] buffer, int offset, int length) throws IOException {
            out.write(buffer, offset, length);
          }

          @Override
          public void close() {}
        };
    var random = new Random(seed);
    try (var base64 = Base64.getEncoder().wrap(open)) {
      for (int left = bytes; left > 0; left -= PIECE) {
        base64.write(piece(random, left));
      }
    }
    out.write("\"}".getBytes(US_ASCII));
  }

  private static byte[] piece(Random random, int left) {
    var piece = new byte[Math.min(left, PIECE)];
    random.nextBytes(piece);
    return piece;
  }

  /** Whether an answer has this content, and all of it. */
  boolean isIn(JsonNode blob) {
    var content = Base64.getDecoder().decode(blob.get("body").textValue());
    var random = new Random(seed);
    int at = 0;
    for (int left = bytes; left > 0; left -= PIECE) {
      var piece = piece(random, left);
      if (content.length < at + piece.length
          || !Arrays.equals(content, at, at + piece.length, piece, 0, piece.length)) {
        return false;
      }
      at += piece.length;
    }
    return content.length == bytes;
  }
}
