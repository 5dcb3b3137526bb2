package com.joyoi.management.runner;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;

/** What is kept of a log that may be much longer. */
final class LogText {
  private LogText() {}

  /**
   * Reads to the end, and keeps at most the last {@code maxBytes} in memory. Reading stops when the
   * time is over, as it is looked at between two reads: then these are the last that were read.
   *
   * @return cleaned; begins with a whole character, and with "…" where something was left out
   */
  static String tail(InputStream log, int maxBytes, Duration deadline) throws IOException {
    var begin = System.nanoTime();
    // Twice the size, so that the kept half moves once per half and not with every read.
    var buffer = new byte[2 * Math.max(maxBytes, 1)];
    int length = 0;
    boolean cut = false;
    boolean late = false;
    for (int count; (count = log.read(buffer, length, buffer.length - length)) >= 0; ) {
      length += count;
      if (length == buffer.length) {
        System.arraycopy(buffer, length - maxBytes, buffer, 0, maxBytes);
        length = maxBytes;
        cut = true;
      }
      if (System.nanoTime() - begin > deadline.toNanos()) {
        late = true;
        break;
      }
    }
    int start = Math.max(0, length - maxBytes);
    cut |= start > 0;
    while (cut && start < length && isContinuation(buffer[start])) {
      start++;
    }
    var text = CleanText.lines(Arrays.copyOfRange(buffer, start, length)).strip();
    var kept = cut ? "…" + text : text;
    return late
        ? "(the log could not be read to its end within "
            + deadline.toSeconds()
            + " s; as far as it was read:)\n"
            + kept
        : kept;
  }

  /**
   * Reads the first {@code maxBytes}.
   *
   * @return cleaned; ends with a whole character, and with "…"
   */
  static String head(InputStream log, int maxBytes) throws IOException {
    var bytes = log.readNBytes(maxBytes + 1);
    int length = Math.min(bytes.length, maxBytes);
    while (length > 0 && length < bytes.length && isContinuation(bytes[length])) {
      length--;
    }
    return CleanText.lines(Arrays.copyOf(bytes, length)).strip() + "…";
  }

  private static boolean isContinuation(byte b) {
    return (b & 0xC0) == 0x80;
  }
}
