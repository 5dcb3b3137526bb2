package com.joyoi.management.sandbox;

import com.joyoi.management.error.JoyoiException;

/** The sandbox did not do what it was asked for, and goes on. */
public final class SandboxErrorException extends JoyoiException {
  private static final long serialVersionUID = 1L;

  private final boolean outOfSpace;

  SandboxErrorException(boolean outOfSpace, String message) {
    super(Kind.UNAVAILABLE, message);
    this.outOfSpace = outOfSpace;
  }

  /** Whether something did not fit. */
  public boolean isOutOfSpace() {
    return outOfSpace;
  }
}
