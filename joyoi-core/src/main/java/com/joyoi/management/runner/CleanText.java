package com.joyoi.management.runner;

import java.nio.charset.StandardCharsets;

/** Text of a container, made fit for logs, databases and terminals. */
final class CleanText {
  private static final int REPLACEMENT = 0xFFFD;

  private CleanText() {}

  /** Bytes read as UTF-8 as far as they are; lines and tabs stay, other control characters go. */
  static String lines(byte[] utf8) {
    return clean(new String(utf8, StandardCharsets.UTF_8).replace("\r\n", "\n"), true);
  }

  /** Every control character replaced, line breaks included. */
  static String oneLine(String text) {
    return clean(text, false);
  }

  private static String clean(String text, boolean keepLines) {
    var cleaned = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> keepLines && (c == '\n' || c == '\t') ? c : isHarmful(c) ? REPLACEMENT : c)
        .forEach(cleaned::appendCodePoint);
    return cleaned.toString();
  }

  /** Control characters, direction overrides and lone surrogates. */
  private static boolean isHarmful(int c) {
    var type = Character.getType(c);
    return type == Character.CONTROL
        || type == Character.SURROGATE
        || (type == Character.FORMAT && c >= 0x202A && c <= 0x2069);
  }
}
