package com.joyoi.management.instance;

import java.time.Duration;

/**
 * The port to the services that share a database: a name is alive in one session at a time. A
 * session proves its life by heartbeats, measured by the database's clock.
 */
public interface ServiceRegistry {
  /** A session without a heartbeat for so long is dead: several periods of two seconds. */
  Duration ALIVE_FOR = Duration.ofSeconds(10);

  /** Random id of this installation, made with the schema. */
  String installation();

  /**
   * Claims a service name for a session.
   *
   * @param replace fence a session that is alive instead of refusing
   * @throws com.joyoi.management.error.JoyoiException CONFLICT when the name is alive and {@code
   *     replace} is false
   * @return whether the session before it stopped gracefully (true too when there was none)
   */
  boolean claim(String service, String session, boolean replace);

  /** Says that the session lives; false when another session has taken the name over. */
  boolean heartbeat(String service, String session);

  /** Gives the name back after a graceful stop. */
  void release(String service, String session);
}
