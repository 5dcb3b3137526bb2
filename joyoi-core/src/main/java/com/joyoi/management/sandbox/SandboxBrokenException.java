package com.joyoi.management.sandbox;

import com.joyoi.management.error.JoyoiException;

/**
 * The sandbox ended, or said what the protocol does not know. Whose fault that is, only a look at
 * the container can tell.
 */
public final class SandboxBrokenException extends JoyoiException {
  private static final long serialVersionUID = 1L;

  private final boolean said;

  public SandboxBrokenException(String message) {
    this(message, false);
  }

  SandboxBrokenException(String message, boolean said) {
    super(Kind.UNAVAILABLE, message);
    this.said = said;
  }

  /** Whether these are the sandbox's own last words. */
  public boolean isSaid() {
    return said;
  }
}
