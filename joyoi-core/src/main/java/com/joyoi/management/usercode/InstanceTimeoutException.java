package com.joyoi.management.usercode;

/**
 * The instance has used up its {@code InstanceTimeout} or its {@code InstanceLifetime}; {@link
 * StateMachine#handleErrorAsync} is told.
 */
public final class InstanceTimeoutException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InstanceTimeoutException(String message) {
    super(message);
  }
}
