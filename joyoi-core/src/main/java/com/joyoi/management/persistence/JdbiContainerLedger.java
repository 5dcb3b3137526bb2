package com.joyoi.management.persistence;

import com.joyoi.management.container.ContainerLedger;
import java.util.List;

/** Rows of {@code joyoi_container} of one service's name. */
final class JdbiContainerLedger implements ContainerLedger {
  private final Database database;

  /** No run fails because its container can't be recorded. */
  private final Database patient;

  private final String service;

  JdbiContainerLedger(Database database, String service) {
    this.database = database;
    this.patient = database.patient();
    this.service = service;
  }

  @Override
  public void record(Entry entry) {
    patient.inTransaction(
        "recording container " + entry.containerName(),
        handle ->
            handle
                .createUpdate(
                    """
                    INSERT INTO joyoi_container
                      (name, service, node, address, session_id, keep_until)
                    VALUES (:name, :service, :node, :address, :session, :keepUntil)
                    ON DUPLICATE KEY UPDATE service = VALUES(service), node = VALUES(node),
                      address = VALUES(address), session_id = VALUES(session_id), keep_until = VALUES(keep_until)
                    """)
                .bind("name", entry.containerName())
                .bind("service", service)
                .bind("node", entry.node())
                .bind("address", entry.address())
                .bind("session", entry.session())
                .bind("keepUntil", Columns.time(entry.keepUntil()))
                .execute());
  }

  @Override
  public void forget(String containerName) {
    database.inTransaction(
        "forgetting container " + containerName,
        handle ->
            handle
                .createUpdate("DELETE FROM joyoi_container WHERE name = :name")
                .bind("name", containerName)
                .execute());
  }

  @Override
  public List<Entry> all() {
    return database.inTransaction(
        "listing the containers of service '" + service + "'",
        handle ->
            handle
                .createQuery("SELECT * FROM joyoi_container WHERE service = :service ORDER BY name")
                .bind("service", service)
                .map(
                    (row, context) ->
                        new Entry(
                            row.getString("name"),
                            row.getString("node"),
                            row.getString("address"),
                            row.getString("session_id"),
                            Columns.time(row, "keep_until")))
                .list());
  }
}
