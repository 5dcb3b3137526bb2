package com.joyoi.management.node;

import com.joyoi.management.error.JoyoiException;

/** No sandbox could be made for a run; the cause tells whose fault that is. */
public final class SandboxFailedException extends JoyoiException {
  private static final long serialVersionUID = 1L;

  private final String node;

  SandboxFailedException(String node, JoyoiException cause) {
    super(cause.kind(), String.valueOf(cause.getMessage()), cause);
    this.node = node;
  }

  public String node() {
    return node;
  }
}
