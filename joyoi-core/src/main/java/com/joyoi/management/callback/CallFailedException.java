package com.joyoi.management.callback;

import org.jspecify.annotations.Nullable;

/** A call of a state machine has no answer that it could be given: the program is told. */
public final class CallFailedException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  CallFailedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
