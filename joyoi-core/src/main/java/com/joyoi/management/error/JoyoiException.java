package com.joyoi.management.error;

import org.jspecify.annotations.Nullable;

/** The one unchecked root: every exception that leaves a public method of the project is one. */
public class JoyoiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What the caller can do about it. */
  public enum Kind {
    /** The input is wrong: correct it. */
    INVALID,
    /** What was named does not exist. */
    NOT_FOUND,
    /** It contradicts what is stored. */
    CONFLICT,
    /** The caller may not. */
    FORBIDDEN,
    /** Too much at once: try later. */
    BUSY,
    /** Something that is needed does not answer: try later. */
    UNAVAILABLE,
    /** A fault of ours. */
    INTERNAL
  }

  private final Kind kind;

  public JoyoiException(Kind kind, String message) {
    this(kind, message, null);
  }

  public JoyoiException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /** Whether the same call may succeed later without any change. */
  public boolean isRetryable() {
    return kind == Kind.BUSY || kind == Kind.UNAVAILABLE;
  }

  /** Whether it is a fault of the service or of what it needs: nobody's input has caused it. */
  public boolean isServiceFault() {
    return isRetryable() || kind == Kind.INTERNAL;
  }

  /**
   * An input value that is wrong.
   *
   * @param expected what would be right, for example {@code "a number from 1 to 100"}
   */
  public static JoyoiException invalid(String field, @Nullable Object value, String expected) {
    return new JoyoiException(
        Kind.INVALID, field + " is " + quoted(value) + "; it must be " + expected);
  }

  public static JoyoiException invalid(String message) {
    return new JoyoiException(Kind.INVALID, message);
  }

  public static JoyoiException notFound(String message) {
    return new JoyoiException(Kind.NOT_FOUND, message);
  }

  /**
   * Something that is not there under the name that was given.
   *
   * @param what for example {@code "actor"}
   * @param name as it was asked for; it may be any text
   */
  public static JoyoiException notFound(String what, Object name) {
    return notFound(what + " not found: " + cut(name.toString().replaceAll("\\p{Cntrl}", "?")));
  }

  public static JoyoiException conflict(String message) {
    return new JoyoiException(Kind.CONFLICT, message);
  }

  /** A value as a message shows it: quoted, and cut where it is long. */
  private static String quoted(@Nullable Object value) {
    if (value == null) {
      return "missing";
    }
    var shown = cut(value.toString());
    return value instanceof CharSequence ? "'" + shown + "'" : shown;
  }

  /** Long enough to recognise a value, short enough for one line of a log. */
  private static String cut(String text) {
    if (text.length() <= 100) {
      return text;
    }
    // Half a surrogate pair could not be sent to anybody.
    return text.substring(0, Character.isHighSurrogate(text.charAt(99)) ? 99 : 100) + "…";
  }
}
