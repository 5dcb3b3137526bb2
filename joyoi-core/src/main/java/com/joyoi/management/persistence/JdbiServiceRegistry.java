package com.joyoi.management.persistence;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.instance.ServiceRegistry;
import com.joyoi.management.model.ServiceState;
import com.joyoi.management.model.ServiceStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Rows of {@code joyoi_service}; all times are of the database's clock. */
final class JdbiServiceRegistry implements ServiceRegistry {
  private final Database database;

  JdbiServiceRegistry(Database database) {
    this.database = database;
  }

  @Override
  public String installation() {
    return database.inTransaction(
        "reading the installation's id",
        handle -> {
          handle
              .createUpdate(
                  """
                  INSERT INTO joyoi_installation (singleton, id) VALUES (1, :id)
                  ON DUPLICATE KEY UPDATE singleton = VALUES(singleton)
                  """)
              .bind("id", UUID.randomUUID().toString())
              .execute();
          return handle
              .createQuery("SELECT id FROM joyoi_installation WHERE singleton = 1")
              .mapTo(String.class)
              .one();
        });
  }

  @Override
  public boolean claim(Start start, Predicate<Holder> replaces) {
    var graceful = new AtomicBoolean(true);
    var service = start.service();
    return database.inTransaction(
        "claiming the service name '" + service + "'",
        handle -> {
          // Makes the row when there is none, so that two that start at once meet in its lock.
          handle
              .createUpdate(
                  """
                  INSERT INTO joyoi_service (name, session_id, heartbeat, released)
                  VALUES (:service, '', LOCALTIMESTAMP(6), TRUE)
                  ON DUPLICATE KEY UPDATE name = VALUES(name)
                  """)
              .bind("service", service)
              .execute();
          var row = lock(handle, service).orElseThrow();
          if (row.session().equals(start.session())) {
            // An earlier try of this very claim took place.
            return graceful.get();
          }
          if (!row.released()
              && row.age().compareTo(row.lease()) < 0
              && !replaces.test(row.holder(service))) {
            throw JoyoiException.conflict(
                "a service with the name '"
                    + service
                    + "' is alive: its last heartbeat is "
                    + row.age().toMillis()
                    + " ms old; stop it, choose another name, or replace it");
          }
          graceful.set(row.released());
          handle
              .createUpdate(
                  """
                  UPDATE joyoi_service SET session_id = :session, released = FALSE,
                    heartbeat = LOCALTIMESTAMP(6), started = LOCALTIMESTAMP(6),
                    lease_ms = :lease, process = :process, nodes = :nodes, running = 0,
                    slots_taken = 0
                  WHERE name = :service
                  """)
              .bind("service", service)
              .bind("session", start.session())
              .bind("lease", start.lease().toMillis())
              .bind("process", start.process())
              .bind("nodes", Columns.json(start.nodes()))
              .execute();
          return row.released();
        });
  }

  @Override
  public Optional<Heartbeat> heartbeat(String service, String session, int runningInstances) {
    return database.inTransaction(
        "the heartbeat of service '" + service + "'",
        handle -> {
          var held =
              handle
                  .createUpdate(
                      """
                      UPDATE joyoi_service
                      SET heartbeat = LOCALTIMESTAMP(6), running = :running
                      WHERE name = :service AND session_id = :session
                      """)
                  .bind("running", runningInstances)
                  .bind("service", service)
                  .bind("session", session)
                  .execute();
          return held == 0 ? Optional.empty() : Optional.of(seen(handle, session));
        });
  }

  /** All services, the slots of this one, and on the way what the database's clock says. */
  private Heartbeat seen(Handle handle, String session) {
    var now = new AtomicReference<Instant>();
    var slotsTaken = new AtomicInteger();
    var asked = System.nanoTime();
    var services =
        handle
            .createQuery(
                """
                SELECT name, session_id, heartbeat, lease_ms, slots_taken,
                  LOCALTIMESTAMP(6) AS now_time FROM joyoi_service
                """)
            .map(
                (row, context) -> {
                  now.set(Columns.time(row, "now_time"));
                  if (row.getString("session_id").equals(session)) {
                    slotsTaken.set(row.getInt("slots_taken"));
                  }
                  return new Sign(
                      row.getString("name"),
                      row.getString("session_id"),
                      row.getString("heartbeat"),
                      Duration.ofMillis(row.getLong("lease_ms")));
                })
            .list();
    // One is there: the row whose heartbeat this is.
    database.heard(Objects.requireNonNull(now.get()), asked, System.nanoTime());
    return new Heartbeat(services, slotsTaken.get());
  }

  @Override
  public boolean isStill(Sign sign) {
    return isThere(sign, "");
  }

  @Override
  public boolean isAbandoned(Sign sign) {
    return isThere(
        sign,
        """
         AND NOT EXISTS (SELECT 1 FROM joyoi_instance i
           WHERE i.service = s.name AND i.status = 'Running')\
        """);
  }

  private boolean isThere(Sign sign, String condition) {
    return database.inTransaction(
        "looking whether service '" + sign.service() + "' is silent",
        handle ->
            handle
                .createQuery(
                    """
                    SELECT 1 FROM joyoi_service s WHERE s.name = :service
                      AND s.session_id = :session AND s.heartbeat = :beat\
                    """
                        + condition)
                .bind("service", sign.service())
                .bind("session", sign.session())
                .bind("beat", sign.beat())
                .mapTo(Integer.class)
                .findOne()
                .isPresent());
  }

  @Override
  public boolean isHeld(String service, String session) {
    return database.inTransaction(
        "looking who has the service name '" + service + "'",
        handle ->
            handle
                .createQuery(
                    "SELECT 1 FROM joyoi_service WHERE name = :service AND session_id = :session")
                .bind("service", service)
                .bind("session", session)
                .mapTo(Integer.class)
                .findOne()
                .isPresent());
  }

  @Override
  public void release(String service, String session) {
    database.inTransaction(
        "releasing the service name '" + service + "'",
        handle ->
            handle
                .createUpdate(
                    """
                    UPDATE joyoi_service SET released = TRUE
                    WHERE name = :service AND session_id = :session
                    """)
                .bind("service", service)
                .bind("session", session)
                .execute());
  }

  @Override
  public List<ServiceStatus> all() {
    return database.inTransaction(
        "listing the services",
        handle ->
            handle
                .createQuery(
                    "SELECT s.*, LOCALTIMESTAMP(6) AS now_time FROM joyoi_service s ORDER BY name")
                .map((row, context) -> status(row))
                .list());
  }

  private static ServiceStatus status(ResultSet row) throws SQLException {
    var nodes = row.getString("nodes");
    return new ServiceStatus(
        row.getString("name"),
        row.getString("session_id"),
        Columns.nullableTime(row, "started"),
        Columns.time(row, "heartbeat"),
        state(row),
        row.getInt("running"),
        nodes == null ? List.of() : Columns.json(row, "nodes", Columns.STRINGS));
  }

  private static ServiceState state(ResultSet row) throws SQLException {
    if (row.getBoolean("released")) {
      return ServiceState.STOPPED;
    }
    return age(row).toMillis() < row.getLong("lease_ms")
        ? ServiceState.RUNNING
        : ServiceState.SILENT;
  }

  private static Duration age(ResultSet row) throws SQLException {
    return Duration.between(Columns.time(row, "heartbeat"), Columns.time(row, "now_time"));
  }

  private static Optional<Row> lock(Handle handle, String service) {
    return handle
        .createQuery(
            """
            SELECT s.*, LOCALTIMESTAMP(6) AS now_time
            FROM joyoi_service s WHERE name = :service FOR UPDATE
            """)
        .bind("service", service)
        .map(
            (row, context) ->
                new Row(
                    row.getString("session_id"),
                    row.getString("heartbeat"),
                    age(row),
                    Duration.ofMillis(row.getLong("lease_ms")),
                    row.getString("process"),
                    row.getBoolean("released")))
        .findOne();
  }

  private record Row(
      String session,
      String beat,
      Duration age,
      Duration lease,
      @Nullable String process,
      boolean released) {
    Holder holder(String service) {
      return new Holder(new Sign(service, session, beat, lease), process);
    }
  }
}
