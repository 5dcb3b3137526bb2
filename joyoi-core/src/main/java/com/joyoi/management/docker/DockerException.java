package com.joyoi.management.docker;

import com.joyoi.management.error.JoyoiException;
import org.jspecify.annotations.Nullable;

/** A call to a Docker daemon failed. */
public final class DockerException extends JoyoiException {
  private static final long serialVersionUID = 1L;

  private final boolean nodeFault;
  private final boolean timedOut;

  private DockerException(
      Kind kind, boolean nodeFault, boolean timedOut, String message, @Nullable Throwable cause) {
    super(kind, message, cause);
    this.nodeFault = nodeFault;
    this.timedOut = timedOut;
  }

  /** The daemon does not answer, answered 5xx, or took too long: try elsewhere. */
  public static DockerException nodeFault(String message, @Nullable Throwable cause) {
    return new DockerException(Kind.UNAVAILABLE, true, false, message, cause);
  }

  /** A node fault of its own kind: a deadline of ours ran out. */
  public static DockerException timedOut(String message, @Nullable Throwable cause) {
    return new DockerException(Kind.UNAVAILABLE, true, true, message, cause);
  }

  /** The daemon understood and refused, for example a limit that it can't keep. */
  public static DockerException refused(String message, @Nullable Throwable cause) {
    return new DockerException(Kind.INVALID, false, false, message, cause);
  }

  public boolean isNodeFault() {
    return nodeFault;
  }

  /** Whether a deadline of ours ran out; only node faults do. */
  public boolean isTimedOut() {
    return timedOut;
  }
}
