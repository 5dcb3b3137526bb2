package com.joyoi.management.bootstrap;

import com.joyoi.management.container.SessionIdentity;
import com.joyoi.management.error.JoyoiException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The names under which services run in this program. Another program can't have the embedded
 * database open, so that whoever holds a name there counts as dead; another service in this program
 * can. Thread-safe.
 */
final class RunningNames {
  private static final ConcurrentMap<Name, String> SESSIONS = new ConcurrentHashMap<>();

  private record Name(String installation, String service) {}

  private RunningNames() {}

  /**
   * Takes the name until the result is closed.
   *
   * @throws JoyoiException CONFLICT when a service here has it, and {@code replace} is false
   */
  static AutoCloseable take(SessionIdentity identity, boolean replace) {
    var name = new Name(identity.installation(), identity.service());
    if (replace) {
      SESSIONS.put(name, identity.session());
    } else if (SESSIONS.putIfAbsent(name, identity.session()) != null) {
      throw JoyoiException.conflict(
          "a service with the name '"
              + identity.service()
              + "' runs on this database in this program; close it, choose another name, or"
              + " replace it");
    }
    return () -> SESSIONS.remove(name, identity.session());
  }
}
