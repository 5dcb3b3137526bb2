package com.joyoi.management.docker;

import com.joyoi.management.error.JoyoiException;
import org.jspecify.annotations.Nullable;

/** A call to a Docker daemon failed. */
public final class DockerException extends JoyoiException {
  private static final long serialVersionUID = 1L;

  private final boolean nodeFault;

  private DockerException(Kind kind, boolean nodeFault, String message, @Nullable Throwable cause) {
    super(kind, message, cause);
    this.nodeFault = nodeFault;
  }

  /** The daemon does not answer, answered 5xx, or took too long: try elsewhere. */
  public static DockerException nodeFault(String message, @Nullable Throwable cause) {
    return new DockerException(Kind.UNAVAILABLE, true, message, cause);
  }

  /** The daemon understood and refused, for example a limit that it can't keep. */
  public static DockerException refused(String message, @Nullable Throwable cause) {
    return new DockerException(Kind.INVALID, false, message, cause);
  }

  public boolean isNodeFault() {
    return nodeFault;
  }
}
