package com.joyoi.management.persistence;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.instance.ServiceRegistry;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jdbi.v3.core.Handle;

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
  public boolean claim(String service, String session, boolean replace) {
    var graceful = new AtomicBoolean(true);
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
          if (row.session().equals(session)) {
            // An earlier try of this very claim took place.
            return graceful.get();
          }
          if (!row.released() && !replace && row.age().compareTo(ALIVE_FOR) < 0) {
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
                    heartbeat = LOCALTIMESTAMP(6) WHERE name = :service
                  """)
              .bind("service", service)
              .bind("session", session)
              .execute();
          return row.released();
        });
  }

  @Override
  public boolean heartbeat(String service, String session) {
    return database.inTransaction(
            "the heartbeat of service '" + service + "'",
            handle ->
                handle
                    .createUpdate(
                        """
                        UPDATE joyoi_service SET heartbeat = LOCALTIMESTAMP(6)
                        WHERE name = :service AND session_id = :session
                        """)
                    .bind("service", service)
                    .bind("session", session)
                    .execute())
        > 0;
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

  private static Optional<Row> lock(Handle handle, String service) {
    return handle
        .createQuery(
            """
            SELECT session_id, heartbeat, released, LOCALTIMESTAMP(6) AS now_time
            FROM joyoi_service WHERE name = :service FOR UPDATE
            """)
        .bind("service", service)
        .map(
            (row, context) ->
                new Row(
                    row.getString("session_id"),
                    Duration.between(
                        row.getObject("heartbeat", LocalDateTime.class),
                        row.getObject("now_time", LocalDateTime.class)),
                    row.getBoolean("released")))
        .findOne();
  }

  private record Row(String session, Duration age, boolean released) {}
}
