package com.joyoi.management.web.body;

import com.joyoi.management.error.JoyoiException;

/** A body that is refused with a status that only HTTP knows. */
public final class BodyRefusedException extends JoyoiException {
  private static final long serialVersionUID = 1L;

  private final int status;

  private BodyRefusedException(int status, String message) {
    super(Kind.INVALID, message);
    this.status = status;
  }

  public static BodyRefusedException tooLarge(long maxBytes) {
    return new BodyRefusedException(413, "the body is larger than " + maxBytes + " bytes");
  }

  static BodyRefusedException tooSlow(long seconds) {
    return new BodyRefusedException(408, "the body took longer than " + seconds + " seconds");
  }

  public int status() {
    return status;
  }
}
