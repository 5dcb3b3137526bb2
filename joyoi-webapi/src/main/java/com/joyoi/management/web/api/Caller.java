package com.joyoi.management.web.api;

import com.joyoi.management.engine.StateMachineEngine.Privilege;

/** Who sent a request, as far as it matters. */
record Caller(Role role) {
  Privilege privilege() {
    return role == Role.ADMIN ? Privilege.ADMIN : Privilege.SUBMIT;
  }
}
