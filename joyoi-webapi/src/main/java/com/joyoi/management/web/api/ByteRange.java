package com.joyoi.management.web.api;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A part of a content, as RFC 9110 has it.
 *
 * @param first offset of its first byte
 * @param length in bytes, at least 1
 */
record ByteRange(long first, long length) {
  private static final Pattern SINGLE =
      Pattern.compile("bytes=\\s*([0-9]{0,18})-([0-9]{0,18})\\s*");

  /** What a header asks for. */
  enum Kind {
    /** No range, or one that may be ignored: several at once, or malformed. */
    WHOLE,
    PART,
    UNSATISFIABLE
  }

  /** A header as it applies to a content; the range is there for {@link Kind#PART}. */
  record Wish(Kind kind, @Nullable ByteRange range) {}

  static Wish parse(@Nullable String header, long size) {
    var matcher = SINGLE.matcher(header == null ? "" : header);
    if (!matcher.matches() || (matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
      return new Wish(Kind.WHOLE, null);
    }
    if (matcher.group(1).isEmpty()) {
      long last = Math.min(size, Long.parseLong(matcher.group(2)));
      return last == 0 ? unsatisfiable() : part(size - last, last);
    }
    long first = Long.parseLong(matcher.group(1));
    long end = matcher.group(2).isEmpty() ? size - 1 : Long.parseLong(matcher.group(2));
    if (!matcher.group(2).isEmpty() && end < first) {
      return new Wish(Kind.WHOLE, null);
    }
    return first >= size ? unsatisfiable() : part(first, Math.min(end, size - 1) - first + 1);
  }

  private static Wish part(long first, long length) {
    return new Wish(Kind.PART, new ByteRange(first, length));
  }

  private static Wish unsatisfiable() {
    return new Wish(Kind.UNSATISFIABLE, null);
  }
}
