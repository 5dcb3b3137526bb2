package com.joyoi.management.runner;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** The end of a log that may be much longer. */
final class LogTail {
  private LogTail() {}

  /**
   * Reads to the end, and keeps at most the last {@code maxBytes} in memory.
   *
   * @return cleaned; begins with a whole character, and with "…" where something was left out
   */
  static String read(InputStream log, int maxBytes) throws IOException {
    // Twice the size, so that the kept half moves once per half and not with every read.
    var buffer = new byte[2 * Math.max(maxBytes, 1)];
    int length = 0;
    boolean cut = false;
    for (int count; (count = log.read(buffer, length, buffer.length - length)) >= 0; ) {
      length += count;
      if (length == buffer.length) {
        System.arraycopy(buffer, length - maxBytes, buffer, 0, maxBytes);
        length = maxBytes;
        cut = true;
      }
    }
    int start = Math.max(0, length - maxBytes);
    cut |= start > 0;
    while (cut && start < length && isContinuation(buffer[start])) {
      start++;
    }
    var text = CleanText.lines(Arrays.copyOfRange(buffer, start, length)).strip();
    return cut ? "…" + text : text;
  }

  private static boolean isContinuation(byte b) {
    return (b & 0xC0) == 0x80;
  }
}
