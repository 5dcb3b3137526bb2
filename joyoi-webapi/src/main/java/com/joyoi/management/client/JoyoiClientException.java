package com.joyoi.management.client;

import com.joyoi.management.model.Diagnostic;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A call that was refused, got no answer, or was not made because its arguments are wrong. */
public final class JoyoiClientException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** {@link #status()} where there was no answer. */
  public static final int NO_ANSWER = 0;

  /** Answers that say nothing about the request itself: the same may succeed later. */
  private static final Set<Integer> TRANSIENT = Set.of(502, 503, 504);

  private final int status;
  private final @Nullable String msg;
  private final transient List<Diagnostic> diagnostics;
  private final @Nullable Duration retryAfter;
  private final boolean retryable;

  private JoyoiClientException(
      String message,
      @Nullable Throwable cause,
      int status,
      @Nullable String msg,
      List<Diagnostic> diagnostics,
      @Nullable Duration retryAfter,
      boolean retryable) {
    super(message, cause);
    this.status = status;
    this.msg = msg;
    this.diagnostics = List.copyOf(diagnostics);
    this.retryAfter = retryAfter;
    this.retryable = retryable;
  }

  /** The service said no. */
  static JoyoiClientException refused(
      ApiRequest request,
      int status,
      @Nullable String msg,
      List<Diagnostic> diagnostics,
      @Nullable Duration retryAfter) {
    return new JoyoiClientException(
        request + " was refused with " + status + (msg == null ? "" : ": " + msg),
        null,
        status,
        msg,
        diagnostics,
        retryAfter,
        TRANSIENT.contains(status));
  }

  /** The network, or the service, failed in between. */
  static JoyoiClientException unanswered(
      ApiRequest request, String reason, Throwable cause, boolean retryable) {
    return failed(request + " got no answer: " + reason, cause, retryable);
  }

  /** An answer came that the client does not understand. */
  static JoyoiClientException unreadable(ApiRequest request, int status, Throwable cause) {
    return new JoyoiClientException(
        request + " got an answer that can't be read: " + cause.getMessage(),
        cause,
        status,
        null,
        List.of(),
        null,
        false);
  }

  static JoyoiClientException failed(String message, @Nullable Throwable cause, boolean retryable) {
    return new JoyoiClientException(message, cause, NO_ANSWER, null, List.of(), null, retryable);
  }

  /** An argument that is wrong; nothing was sent. */
  static JoyoiClientException invalid(String field, @Nullable Object value, String expected) {
    return failed(field + " is '" + value + "'; it must be " + expected, null, false);
  }

  /** The HTTP status, {@link #NO_ANSWER} when there was no answer. */
  public int status() {
    return status;
  }

  /** What the service said, null when it said nothing. */
  public @Nullable String msg() {
    return msg;
  }

  /** Remarks of the compiler on a body that was refused; empty otherwise. */
  public List<Diagnostic> diagnostics() {
    return diagnostics == null ? List.of() : diagnostics;
  }

  /** How long the service asks to be left alone, null when it does not. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /**
   * Whether the same call may succeed later. It says nothing about whether making it twice is safe:
   * an unanswered call may have had its effect.
   */
  public boolean isRetryable() {
    return retryable;
  }
}
