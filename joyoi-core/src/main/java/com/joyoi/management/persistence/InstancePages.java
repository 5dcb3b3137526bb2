package com.joyoi.management.persistence;

import com.joyoi.management.listing.Pages;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Where a list of instances comes from, newest first. */
final class InstancePages implements Pages.Source<UUID, Instance> {
  /** Of an instance with its runs: the texts without bounds, and some for the rest of each row. */
  private static final String SIZE =
      """
      500 + LENGTH(initial_blobs) + LENGTH(parameters) + COALESCE(LENGTH(exception), 0)
        + (SELECT COALESCE(SUM(500 + LENGTH(inputs) + LENGTH(outputs) + LENGTH(exceptions)
          + COALESCE(LENGTH(tag), 0)), 0) FROM joyoi_run r WHERE r.instance_id = i.id)\
      """;

  private final Database database;
  private final List<String> conditions = new ArrayList<>();
  private final Map<String, Object> values = new HashMap<>();

  InstancePages(Database database, InstanceFilter filter) {
    this.database = database;
    filter("name = :name", "name", filter.name());
    filter("stage = :stage", "stage", filter.stage());
    filter(
        "status = :status", "status", filter.status() == null ? null : filter.status().wireName());
    filter(
        "start_time >= :startedFrom",
        "startedFrom",
        filter.startedFrom() == null ? null : Columns.time(filter.startedFrom()));
    // What ended before a time started before it: one condition says both.
    filter(
        "start_time < :finishedBefore",
        "finishedBefore",
        filter.finishedBefore() == null ? null : Columns.time(filter.finishedBefore()));
  }

  private void filter(String condition, String name, @Nullable Object value) {
    if (value != null) {
      conditions.add(condition);
      values.put(name, value);
    }
  }

  @Override
  public @Nullable UUID cut(@Nullable UUID after, int limit) {
    return database.inTransaction(
        "listing instances",
        handle -> {
          var last =
              query(handle, "id", after, null, " LIMIT 2 OFFSET :skipped")
                  .bind("skipped", limit - 1)
                  .map((row, context) -> Columns.uuid(row, "id"))
                  .list();
          return last.size() < 2 ? null : last.getFirst();
        });
  }

  @Override
  public List<Pages.Sized<UUID>> keys(@Nullable UUID after, @Nullable UUID until, int limit) {
    return database.inTransaction(
        "listing instances",
        handle ->
            query(handle, "id, " + SIZE + " AS size", after, until, " LIMIT :limit")
                .bind("limit", limit)
                .map(
                    (row, context) ->
                        new Pages.Sized<>(Columns.uuid(row, "id"), row.getLong("size")))
                .list());
  }

  private Query query(
      Handle handle, String columns, @Nullable UUID after, @Nullable UUID until, String end) {
    var all = new ArrayList<>(conditions);
    var bound = new HashMap<>(values);
    if (after != null) {
      all.add("id < :after");
      bound.put("after", after.toString());
    }
    if (until != null) {
      all.add("id >= :until");
      bound.put("until", until.toString());
    }
    var where = all.isEmpty() ? "" : " WHERE " + String.join(" AND ", all);
    return handle
        .createQuery(
            "SELECT " + columns + " FROM joyoi_instance i" + where + " ORDER BY id DESC" + end)
        .bindMap(bound);
  }

  @Override
  public List<Instance> entries(List<UUID> keys) {
    return database.inTransaction(
        "listing instances",
        handle -> {
          var rows =
              handle
                  .createQuery("SELECT * FROM joyoi_instance WHERE id IN (<ids>) ORDER BY id DESC")
                  .bindList("ids", keys.stream().map(UUID::toString).toList())
                  .map((row, context) -> InstanceRow.read(row))
                  .list();
          var runs = RunRow.of(handle, keys);
          return rows.stream()
              .map(
                  row ->
                      row.toInstance(
                          runs.getOrDefault(row.id(), List.of()).stream()
                              .map(RunRow::run)
                              .toList()))
              .toList();
        });
  }
}
