package com.joyoi.management.node;

import com.joyoi.management.error.JoyoiException;

/** No sandbox could be made for a run; the cause tells whose fault that is. */
public final class SandboxFailedException extends JoyoiException {
  private static final long serialVersionUID = 1L;

  private final String node;
  private final long number;

  /**
   * @param number the run's place in the queue
   */
  SandboxFailedException(String node, long number, JoyoiException cause) {
    super(cause.kind(), String.valueOf(cause.getMessage()), cause);
    this.node = node;
    this.number = number;
  }

  public String node() {
    return node;
  }

  /** The run's place in the queue, to be kept when another node has to be found. */
  public long number() {
    return number;
  }
}
