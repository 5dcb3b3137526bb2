package com.joyoi.management.web.body;

import java.io.InputStream;
import java.util.Arrays;

/**
 * The bytes between a body and its JSON parser. Those that end up in memory are charged to a share;
 * and a part can be read past the parser, which then goes on behind it. Confined to its request.
 */
final class JsonSource extends InputStream {
  /** A parser reads some thousand bytes ahead, also of what is not charged: that much is free. */
  private static final int READ_AHEAD_BYTES = 64 * 1024;

  /** What a request takes anyhow: a small body waits for nobody. */
  private static final int FREE_BYTES = 8 * 1024;

  private final RequestBody body;
  private final BodyBudget.Share share;
  private final JsonLimits limits;
  private byte[] back = {};
  private int backAt;
  private boolean charged = true;
  private long count;
  private long nanos;

  JsonSource(RequestBody body, BodyBudget.Share share, JsonLimits limits) {
    this.body = body;
    this.share = share;
    this.limits = limits;
  }

  /** Whether what is read from now on is kept in memory; it is at first. */
  void charge(boolean kept) {
    charged = kept;
  }

  /** Puts bytes back that were read; they come next, and are not charged again. */
  void unread(byte[] bytes, int from, int to) {
    var more = Arrays.copyOfRange(bytes, from, to + back.length - backAt);
    System.arraycopy(back, backAt, more, to - from, back.length - backAt);
    back = more;
    backAt = 0;
  }

  @Override
  public int read() {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) {
    if (backAt < back.length) {
      int part = Math.min(length, back.length - backAt);
      System.arraycopy(back, backAt, buffer, offset, part);
      backAt += part;
      return part;
    }
    if (!charged) {
      return body.read(buffer, offset, length);
    }
    long began = System.nanoTime();
    int read = body.read(buffer, offset, length);
    nanos += System.nanoTime() - began;
    if (read > 0) {
      count += read;
      if (count > limits.maxBytes() + READ_AHEAD_BYTES) {
        throw BodyRefusedException.tooLarge(limits.maxBytes());
      }
      if (nanos > limits.maxTime().toNanos()) {
        throw BodyRefusedException.tooSlow(limits.maxTime().toSeconds());
      }
      long charge = Math.min(read, count - FREE_BYTES);
      if (charge > 0) {
        share.take(charge);
      }
    }
    return read;
  }
}
