package com.joyoi.management.instance;

import com.joyoi.management.error.JoyoiException;

/** Somebody else has taken the instance over, or removed it: this execution must stop quietly. */
public final class StaleExecutionException extends JoyoiException {
  private static final long serialVersionUID = 1L;

  private final ExecutionKey key;

  public StaleExecutionException(ExecutionKey key, String event) {
    super(
        Kind.CONFLICT,
        "instance "
            + key.instanceId()
            + ": "
            + event
            + " refused, since this execution no longer owns it; nothing was changed");
    this.key = key;
  }

  public ExecutionKey key() {
    return key;
  }
}
