package com.joyoi.management.web.api;

import com.joyoi.management.engine.StateMachineEngine.Privilege;

/**
 * Who sent a request, as far as it matters.
 *
 * @param name unique among callers, and no secret: {@code local}, {@code admin.token}, {@code
 *     token:<name>} or {@code certificate:<subject>}
 */
record Caller(Role role, String name) {
  /** Somebody of whom no credential is asked, where none is configured. */
  static final Caller LOCAL = new Caller(Role.SUBMIT, "local");

  /** Anybody, on a route that is open. */
  static final Caller ANYBODY = new Caller(Role.OPEN, "anybody");

  Privilege privilege() {
    return role == Role.ADMIN ? Privilege.ADMIN : Privilege.SUBMIT;
  }
}
