package com.joyoi.management.runner;

import com.joyoi.management.error.JoyoiException;

/** What came out of a container is not as it must be; never leaves this package. */
final class ProgramFaultException extends JoyoiException {
  private static final long serialVersionUID = 1L;

  ProgramFaultException(String message) {
    super(Kind.INVALID, message);
  }
}
