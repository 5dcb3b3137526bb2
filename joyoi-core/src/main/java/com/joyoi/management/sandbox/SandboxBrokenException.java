package com.joyoi.management.sandbox;

import com.joyoi.management.error.JoyoiException;

/**
 * The sandbox ended, or said what the protocol does not know. Whose fault that is, only a look at
 * the container can tell.
 */
public final class SandboxBrokenException extends JoyoiException {
  private static final long serialVersionUID = 1L;

  public SandboxBrokenException(String message) {
    super(Kind.UNAVAILABLE, message);
  }
}
