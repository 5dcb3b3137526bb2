package com.joyoi.management.instance;

import com.joyoi.management.model.ServiceStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The port to the services that share a database: a name is alive in one session at a time. A
 * session proves its life by heartbeats, at times of the database's clock; one that was not heard
 * of for its lease is silent. Every call blocks and is one short transaction.
 */
public interface ServiceRegistry {
  /** Random id of this installation, made with the schema. */
  String installation();

  /**
   * Claims a service name for a session.
   *
   * @param replaces whether the session that holds the name may be replaced though its last
   *     heartbeat is not old by the database's clock; may be called several times
   * @throws com.joyoi.management.error.JoyoiException CONFLICT when the name is alive and may not
   *     be replaced
   * @return whether the session before it stopped gracefully (true too when there was none)
   */
  boolean claim(Start start, Predicate<Holder> replaces);

  /**
   * Says that the session lives, and looks at all services.
   *
   * @param runningInstances how many it runs
   * @return empty when another session has taken the name over
   */
  Optional<Heartbeat> heartbeat(String service, String session, int runningInstances);

  /** Whether the session still has the name. */
  boolean isHeld(String service, String session);

  /** Whether nothing was heard of the service since a heartbeat saw it so. */
  boolean isStill(Sign sign);

  /** The same, of one that has no Running instance any more. */
  boolean isAbandoned(Sign sign);

  /** Gives the name back after a graceful stop. */
  void release(String service, String session);

  /** All services that have ever used the database, by their names. */
  List<ServiceStatus> all();

  /**
   * A start of a service.
   *
   * @param session random id
   * @param lease how long it counts as alive after a heartbeat
   * @param process what tells later whether it has died, null where nothing does
   * @param nodes names, for {@link ServiceStatus}
   */
  record Start(
      String service,
      String session,
      Duration lease,
      @Nullable String process,
      List<String> nodes) {
    public Start {
      nodes = List.copyOf(nodes);
    }
  }

  /**
   * The session that holds a name.
   *
   * @param process what tells whether it has died, null where nothing does
   */
  record Holder(Sign sign, @Nullable String process) {}

  /**
   * What a heartbeat saw.
   *
   * @param services all of them
   * @param slotsTaken how often slots of nodes were taken from the session because it was silent
   */
  record Heartbeat(List<Sign> services, int slotsTaken) {
    public Heartbeat {
      services = List.copyOf(services);
    }
  }

  /**
   * A service as a heartbeat sees it.
   *
   * @param beat differs from heartbeat to heartbeat
   * @param lease its own
   */
  record Sign(String service, String session, String beat, Duration lease) {}
}
