package com.joyoi.management.error;

import org.jspecify.annotations.Nullable;

/**
 * Something that is needed does not answer, and it is certain that nothing was done: nobody has to
 * look afterwards what has become of the call. Always UNAVAILABLE.
 */
public final class NothingDoneException extends JoyoiException {
  private static final long serialVersionUID = 1L;

  public NothingDoneException(String message, @Nullable Throwable cause) {
    super(Kind.UNAVAILABLE, message, cause);
  }
}
