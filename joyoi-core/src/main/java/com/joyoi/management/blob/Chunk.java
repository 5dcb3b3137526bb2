package com.joyoi.management.blob;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * How a chunk is stored: its first byte says how the rest is packed. Contents of earlier versions
 * are one gzip stream cut into pieces, without such bytes; their first piece begins with gzip's own
 * mark, which none of ours does.
 */
final class Chunk {
  /** The first byte, which {@link #packed} fills. */
  static final int HEAD_BYTES = 1;

  private static final byte PLAIN = 0;
  private static final byte DEFLATED = 1;
  private static final byte GZIP_MARK = 0x1f;

  /** Deflating what does not get smaller takes longer than storing it. */
  private static final int SAMPLE_BYTES = 1024;

  private static final int SAMPLES = 4;

  /** Past this share of the plain size it is not worth the time that unpacking takes. */
  private static final double WORTH = 0.9;

  private Chunk() {}

  /**
   * Packs a content.
   *
   * @param buffer has the content from {@link #HEAD_BYTES} on
   * @param end of the content in it
   * @return what is to be stored; may be {@code buffer} itself
   */
  static byte[] packed(byte[] buffer, int end) {
    int length = end - HEAD_BYTES;
    var room = new byte[HEAD_BYTES + (int) (length * WORTH)];
    int size = getsSmaller(buffer, length) ? deflated(buffer, length, room) : 0;
    if (size > 0) {
      room[0] = DEFLATED;
      return Arrays.copyOf(room, size);
    }
    buffer[0] = PLAIN;
    return end == buffer.length ? buffer : Arrays.copyOf(buffer, end);
  }

  private static boolean getsSmaller(byte[] buffer, int length) {
    if (length <= 4 * SAMPLES * SAMPLE_BYTES) {
      return true;
    }
    var sample = new byte[HEAD_BYTES + SAMPLES * SAMPLE_BYTES];
    for (int i = 0; i < SAMPLES; i++) {
      int from = (int) ((long) (length - SAMPLE_BYTES) * i / (SAMPLES - 1));
      System.arraycopy(
          buffer, HEAD_BYTES + from, sample, HEAD_BYTES + i * SAMPLE_BYTES, SAMPLE_BYTES);
    }
    int plain = SAMPLES * SAMPLE_BYTES;
    return deflated(sample, plain, new byte[HEAD_BYTES + (int) (plain * WORTH)]) > 0;
  }

  /** The end of what was written into {@code room}; 0 when it is too small for it. */
  private static int deflated(byte[] buffer, int length, byte[] room) {
    var deflater = new Deflater(Deflater.BEST_SPEED);
    try {
      deflater.setInput(buffer, HEAD_BYTES, length);
      deflater.finish();
      int size = deflater.deflate(room, HEAD_BYTES, room.length - HEAD_BYTES);
      return deflater.finished() ? HEAD_BYTES + size : 0;
    } finally {
      deflater.end();
    }
  }

  /** Whether a content whose first chunk this is was stored by an earlier version. */
  static boolean isOfGzip(byte[] first) {
    return first.length > 0 && first[0] == GZIP_MARK;
  }

  /** The content of a stored chunk; closing it frees memory outside of the heap. */
  static InputStream content(byte[] stored) throws IOException {
    int kind = stored.length == 0 ? -1 : stored[0];
    var packed = new ByteArrayInputStream(stored, HEAD_BYTES, Math.max(0, stored.length - 1));
    return switch (kind) {
      case PLAIN -> packed;
      case DEFLATED -> inflated(packed);
      default -> throw new IOException("a chunk begins with " + kind + ", which means nothing");
    };
  }

  private static InputStream inflated(InputStream packed) {
    var inflater = new Inflater();
    return new InflaterInputStream(packed, inflater, 8 * 1024) {
      @Override
      public void close() {
        inflater.end();
      }
    };
  }
}
