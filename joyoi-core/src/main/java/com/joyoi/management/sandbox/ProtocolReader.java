package com.joyoi.management.sandbox;

import com.joyoi.management.docker.Attachment;
import com.joyoi.management.docker.DockerException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;

/** The sandbox's side of the conversation: lines, and data whose length was told. */
final class ProtocolReader {
  /** The protocol's bound of a line, its end included. */
  private static final int MAX_LINE_BYTES = 8192;

  private final Attachment attachment;
  private final byte[] buffer = new byte[64 << 10];
  private int position;
  private int limit;

  ProtocolReader(Attachment attachment) {
    this.attachment = attachment;
  }

  /**
   * Takes a line without its end.
   *
   * @param silence how long nothing may come
   */
  String line(Duration silence) {
    return line(() -> silence);
  }

  /**
   * The same.
   *
   * @param silence asked before each look for more: how long nothing may come from then on
   */
  String line(Supplier<Duration> silence) {
    var line = new byte[MAX_LINE_BYTES];
    for (int length = 0; length < MAX_LINE_BYTES; length++) {
      if (position == limit) {
        need(silence.get());
      }
      var next = buffer[position++];
      if (next == '\n') {
        return new String(line, 0, length, StandardCharsets.UTF_8);
      }
      line[length] = next;
    }
    throw new SandboxBrokenException("a line is longer than " + MAX_LINE_BYTES + " bytes");
  }

  /** Takes some data; at least a byte. */
  int data(byte[] target, int offset, int length, Duration silence) {
    need(silence);
    var count = Math.min(length, limit - position);
    System.arraycopy(buffer, position, target, offset, count);
    position += count;
    return count;
  }

  /**
   * Waits until something has come.
   *
   * @return false when nothing came in time
   */
  boolean await(Duration timeout) {
    if (position < limit) {
      return true;
    }
    var count = attachment.read(buffer, 0, buffer.length, timeout);
    if (count < 0) {
      throw new SandboxBrokenException("the connection ended");
    }
    position = 0;
    limit = count;
    return count > 0;
  }

  private void need(Duration silence) {
    if (!await(silence)) {
      throw DockerException.timedOut(
          "the sandbox did not answer for " + silence.toMillis() + " ms", null);
    }
  }
}
