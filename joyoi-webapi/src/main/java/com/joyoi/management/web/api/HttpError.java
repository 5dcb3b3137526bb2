package com.joyoi.management.web.api;

import com.joyoi.management.error.JoyoiException;

/** A refusal that only HTTP knows, with its status. */
final class HttpError extends JoyoiException {
  private static final long serialVersionUID = 1L;

  private final int status;

  HttpError(int status, String message) {
    super(status == 401 || status == 403 ? Kind.FORBIDDEN : Kind.INVALID, message);
    this.status = status;
  }

  int status() {
    return status;
  }
}
