package com.joyoi.management.web.api;

/** What a caller must be to use a route; a later one includes the earlier ones. */
enum Role {
  /** Anybody, without credentials. */
  OPEN,
  READ,
  /** Blobs and instances. */
  SUBMIT,
  /** Definitions and nodes: code and power on the service's own machine. */
  ADMIN;

  boolean includes(Role needed) {
    return compareTo(needed) >= 0;
  }
}
