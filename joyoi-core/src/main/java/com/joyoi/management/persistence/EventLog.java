package com.joyoi.management.persistence;

import com.joyoi.management.instance.InstanceEvents;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;

/** Rows of {@code joyoi_event}. */
final class EventLog implements InstanceEvents {
  /**
   * The row of the instance, which the transaction has updated, has counted all events that it
   * appends: this is the one before the last {@code later} ones.
   */
  private static final String INSERT =
      """
      INSERT INTO joyoi_event (instance_id, event_number, event_type, event_data, event_time)
      SELECT id, last_event - :later, :type, :data, :time FROM joyoi_instance WHERE id = :id
      """;

  private static final String DROP_OLD =
      """
      DELETE FROM joyoi_event WHERE instance_id = :id AND event_number <=
        (SELECT last_event - :kept FROM joyoi_instance WHERE id = :id)
      """;

  /**
   * Old events are dropped with one of so many appends, whose instance is just the one at hand. A
   * prime, so that no rhythm of instances keeps one of them from its turn.
   */
  private static final int DROP_EVERY = 97;

  private static final AtomicLong APPENDS = new AtomicLong();

  private static final int BATCH = 500;

  private final Database database;

  EventLog(Database database) {
    this.database = database;
  }

  /** An event without its number. */
  record NewEvent(String type, String data, Instant time) {}

  /** Adds the events that the rows of these instances have counted in this transaction. */
  static void add(Statements statements, Map<UUID, List<NewEvent>> events) {
    events.forEach(
        (instance, all) -> {
          for (int i = 0; i < all.size(); i++) {
            statements.add(INSERT, row(instance, all.get(i), all.size() - 1 - i));
          }
          if (isTimeToDrop(all.size())) {
            statements.add(DROP_OLD, Map.of("id", instance.toString(), "kept", KEPT));
          }
        });
  }

  /** Adds the event that the row of the instance has counted last. */
  static void append(Handle handle, UUID instance, String type, Map<String, ?> data, Instant time) {
    var statements = new Statements(handle);
    add(statements, Map.of(instance, List.of(new NewEvent(type, Columns.json(data), time))));
    statements.execute();
  }

  private static boolean isTimeToDrop(int appended) {
    var before = APPENDS.getAndAdd(appended);
    return before / DROP_EVERY != (before + appended) / DROP_EVERY;
  }

  private static Map<String, ?> row(UUID instance, NewEvent event, int later) {
    return Map.of(
        "id", instance.toString(),
        "later", later,
        "type", event.type(),
        "data", event.data(),
        "time", Columns.time(event.time()));
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
