package com.joyoi.management.web.body;

import com.joyoi.management.error.JoyoiException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Decodes a JSON string of base64 as it comes, from behind its opening quote to before its closing
 * one. White space counts for nothing, wherever it stands, as many tools break their lines; padding
 * may be missing. Confined to its request.
 */
final class Base64Text extends InputStream {
  private static final int BUFFER_BYTES = 8192;
  private static final byte JUNK = -1;
  private static final byte SPACE = -2;
  private static final byte PADDING = -3;
  private static final byte[] VALUES = values();

  private final String field;
  private final JsonSource source;
  private final byte[] raw = new byte[BUFFER_BYTES];
  // What a whole buffer gives, and what was left from the one before.
  private final byte[] plain = new byte[BUFFER_BYTES / 4 * 3 + 3];
  private int at;
  private int end;
  private boolean ended;

  /** Characters so far, for messages. */
  private long position;

  /** 0 outside an escape, -1 behind its backslash, else how many hex digits are to come. */
  private int escape;

  private int escapedCharacter;
  private int bits;
  private int count;
  private int padding;

  private static byte[] values() {
    var values = new byte[128];
    Arrays.fill(values, JUNK);
    var alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < alphabet.length(); i++) {
      values[alphabet.charAt(i)] = (byte) i;
    }
    for (char space : " \t\r\n".toCharArray()) {
      values[space] = SPACE;
    }
    values['='] = PADDING;
    return values;
  }

  /**
   * @param field for messages
   */
  Base64Text(String field, JsonSource source) {
    this.field = field;
    this.source = source;
  }

  @Override
  public int read() {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /**
   * @throws JoyoiException INVALID where it is no base64, or no JSON
   */
  @Override
  public int read(byte[] buffer, int offset, int length) {
    if (length > 0 && available() == 0) {
      return -1;
    }
    int part = Math.min(length, end - at);
    System.arraycopy(plain, at, buffer, offset, part);
    at += part;
    return part;
  }

  /** 0 at the end alone: a decompressor asks, to find out whether another part follows. */
  @Override
  public int available() {
    while (at == end && !ended) {
      fill();
    }
    return end - at;
  }

  private void fill() {
    at = 0;
    end = 0;
    int length = source.read(raw, 0, raw.length);
    if (length < 0) {
      throw malformed("it ends within " + field);
    }
    for (int i = 0; i < length; i++) {
      if (raw[i] == '"' && escape == 0) {
        source.unread(raw, i, length);
        finish();
        return;
      }
      accept(raw[i] & 0xff);
    }
  }

  private void accept(int c) {
    if (escape > 0) {
      int digit = Character.digit(c, 16);
      if (digit < 0) {
        throw malformed("a \\u of " + field + " has no four hex digits");
      }
      escapedCharacter = escapedCharacter << 4 | digit;
      if (--escape == 0) {
        decode(escapedCharacter);
      }
    } else if (escape < 0) {
      escape = 0;
      switch (c) {
        case 'n' -> decode('\n');
        case 'r' -> decode('\r');
        case 't' -> decode('\t');
        case 'b' -> decode('\b');
        case 'f' -> decode('\f');
        case '/', '\\', '"' -> decode(c);
        case 'u' -> {
          escape = 4;
          escapedCharacter = 0;
        }
        default -> throw malformed(field + " has a backslash that escapes nothing");
      }
    } else if (c == '\\') {
      escape = -1;
    } else if (c < ' ') {
      throw malformed(field + " has a control character that is not escaped, of code " + c);
    } else {
      decode(c);
    }
  }

  private void decode(int c) {
    position++;
    byte value = c < VALUES.length ? VALUES[c] : JUNK;
    if (value >= 0 && padding == 0) {
      bits = bits << 6 | value;
      if (++count == 4) {
        emit(3);
        count = 0;
      }
    } else if (value == PADDING && count >= 2 && count + padding < 4) {
      padding++;
    } else if (value != SPACE) {
      var shown = c > ' ' && c < 127 ? "'" + (char) c + "'" : "one of code " + c;
      throw wrong("has " + shown + " as its character " + position);
    }
  }

  private void emit(int bytes) {
    for (int i = 0; i < bytes; i++) {
      plain[end++] = (byte) (bits >> 8 * (2 - i));
    }
    bits = 0;
  }

  private void finish() {
    ended = true;
    if (count == 1 || (padding > 0 && count + padding != 4)) {
      throw wrong("is cut off behind character " + position);
    }
    if (count > 0) {
      bits <<= 6 * (4 - count);
      emit(count - 1);
    }
  }

  private JoyoiException wrong(String how) {
    return JoyoiException.invalid(field + " " + how + "; it must be base64");
  }

  private static JoyoiException malformed(String how) {
    return JoyoiException.invalid("the body is malformed JSON: " + how);
  }
}
