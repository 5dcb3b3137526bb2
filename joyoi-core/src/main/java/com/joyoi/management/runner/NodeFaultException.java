package com.joyoi.management.runner;

import com.joyoi.management.error.JoyoiException;
import org.jspecify.annotations.Nullable;

/** A node failed a run that is not at fault. */
public final class NodeFaultException extends JoyoiException {
  private static final long serialVersionUID = 1L;

  private final String node;

  public NodeFaultException(String node, String message, @Nullable Throwable cause) {
    super(Kind.UNAVAILABLE, "node " + node + ": " + message, cause);
    this.node = node;
  }

  public String node() {
    return node;
  }
}
