package com.joyoi.management.docker;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * The other end of a conversation, told beforehand what it says. Where nothing more was told, its
 * output has ended; not thread-safe.
 */
public final class FakeAttachment implements Attachment {
  private static final byte[] SILENCE = new byte[0];

  private final Deque<byte[]> output = new ArrayDeque<>();
  private final ByteArrayOutputStream input = new ByteArrayOutputStream();
  private Consumer<String> onWrite = text -> {};
  private boolean ended;

  /** Somebody has read to its end. */
  private boolean over;

  private boolean closed;

  /** Comes in one piece, as UTF-8. */
  public FakeAttachment says(String text) {
    return says(text.getBytes(StandardCharsets.UTF_8));
  }

  public FakeAttachment says(byte[] bytes) {
    if (bytes.length > 0) {
      output.add(bytes);
    }
    return this;
  }

  /** The next read runs into its time-out. */
  public FakeAttachment staysSilent() {
    output.add(SILENCE);
    return this;
  }

  /** Told of each write before it is done: what it throws, the write throws. */
  public void onWrite(Consumer<String> listener) {
    onWrite = listener;
  }

  /** All that was written. */
  public String heard() {
    return input.toString(StandardCharsets.UTF_8);
  }

  /** Whether its container was let end by itself. */
  public boolean isEnded() {
    return ended;
  }

  public boolean isClosed() {
    return closed;
  }

  @Override
  public void write(byte[] source, int offset, int length) {
    onWrite.accept(new String(source, offset, length, StandardCharsets.UTF_8));
    input.write(source, offset, length);
  }

  @Override
  public int read(byte[] target, int offset, int length, Duration timeout) {
    var next = output.poll();
    if (next == null) {
      over = true;
      return -1;
    }
    var count = Math.min(length, next.length);
    System.arraycopy(next, 0, target, offset, count);
    if (count < next.length) {
      output.addFirst(java.util.Arrays.copyOfRange(next, count, next.length));
    }
    return count;
  }

  @Override
  public boolean hasEnded() {
    return closed || over;
  }

  @Override
  public void end(Duration patience) {
    ended = true;
    close();
  }

  @Override
  public void close() {
    closed = true;
  }
}
