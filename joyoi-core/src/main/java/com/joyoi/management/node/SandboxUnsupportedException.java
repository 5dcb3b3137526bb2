package com.joyoi.management.node;

import com.joyoi.management.error.JoyoiException;

/** The image of a node can't serve as a sandbox: its runs get containers of their own. */
public final class SandboxUnsupportedException extends JoyoiException {
  private static final long serialVersionUID = 1L;

  public SandboxUnsupportedException(String message, Throwable cause) {
    super(Kind.UNAVAILABLE, message, cause);
  }
}
