package com.joyoi.management.web.body;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** An answer can no longer be written: nobody's fault, and nobody is left to be told. */
public final class ClientGoneException extends IOException {
  private static final long serialVersionUID = 1L;

  ClientGoneException(IOException cause) {
    super(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
  }

  /** The one that led to a failure, null when that has another cause. */
  public static @Nullable ClientGoneException in(@Nullable Throwable failure) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ClientGoneException gone) {
        return gone;
      }
    }
    return null;
  }
}
