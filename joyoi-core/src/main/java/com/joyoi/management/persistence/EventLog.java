package com.joyoi.management.persistence;

import com.joyoi.management.instance.InstanceEvents;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Rows of {@code joyoi_event}. */
final class EventLog implements InstanceEvents {
  /** Old events are dropped once in so many, so that dropping costs little. */
  private static final int DROP_EVERY = 100;

  private static final int BATCH = 500;

  private final Database database;

  EventLog(Database database) {
    this.database = database;
  }

  /** Adds an event to an instance whose row the transaction has locked. */
  static void append(Handle handle, UUID instance, String type, Map<String, ?> data, Instant time) {
    handle
        .createUpdate("UPDATE joyoi_instance SET last_event = last_event + 1 WHERE id = :id")
        .bind("id", instance.toString())
        .execute();
    var number =
        handle
            .createQuery("SELECT last_event FROM joyoi_instance WHERE id = :id")
            .bind("id", instance.toString())
            .mapTo(Long.class)
            .one();
    handle
        .createUpdate(
            """
            INSERT INTO joyoi_event (instance_id, event_number, event_type, event_data, event_time)
            VALUES (:id, :number, :type, :data, :time)
            """)
        .bind("id", instance.toString())
        .bind("number", number)
        .bind("type", type)
        .bind("data", Columns.json(data))
        .bind("time", Columns.time(time))
        .execute();
    if (number % DROP_EVERY == 0) {
      handle
          .createUpdate(
              "DELETE FROM joyoi_event WHERE instance_id = :id AND event_number <= :number")
          .bind("id", instance.toString())
          .bind("number", number - KEPT)
          .execute();
    }
  }

  @Override
  public List<Event> eventsAfter(UUID instanceId, long number, int limit) {
    return database.inTransaction(
        "reading events",
        handle ->
            handle
                .createQuery(
                    """
                    SELECT event_number, event_type, event_data, event_time FROM joyoi_event
                    WHERE instance_id = :id AND event_number > :number
                    ORDER BY event_number LIMIT :limit
                    """)
                .bind("id", instanceId.toString())
                .bind("number", number)
                .bind("limit", limit)
                .map(
                    (row, context) ->
                        new Event(
                            instanceId,
                            row.getLong("event_number"),
                            row.getString("event_type"),
                            row.getString("event_data"),
                            Columns.time(row, "event_time")))
                .list());
  }

  @Override
  public Map<UUID, Long> lastEvents(Collection<UUID> instanceIds) {
    return database.inTransaction(
        "reading events",
        handle -> {
          var last = new HashMap<UUID, Long>();
          for (var batch : Batches.of(instanceIds.stream().map(UUID::toString).toList(), BATCH)) {
            handle
                .createQuery("SELECT id, last_event FROM joyoi_instance WHERE id IN (<ids>)")
                .bindList("ids", batch)
                .map(
                    (row, context) -> Map.entry(Columns.uuid(row, "id"), row.getLong("last_event")))
                .forEach(entry -> last.put(entry.getKey(), entry.getValue()));
          }
          return last;
        });
  }
}
