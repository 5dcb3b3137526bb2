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

  /** Of each part, so that none is read to its end. */
  private static final String MOST = " LIMIT :most";

  private static final String BY_ID = "FROM joyoi_instance i WHERE TRUE";

  /** Behind those that their ids find come those that were restarted. */
  private static final String LATE =
      """
      FROM joyoi_late_start l JOIN joyoi_instance i ON i.id = l.instance_id
      WHERE l.start_time >= :startedFrom AND l.instance_id < :leastId\
      """;

  private final Database database;
  private final List<String> conditions = new ArrayList<>();
  private final Map<String, Object> values = new HashMap<>();
  private final boolean withLate;

  InstancePages(Database database, InstanceFilter filter) {
    this.database = database;
    filter("i.name = :name", "name", filter.name());
    filter("i.stage = :stage", "stage", filter.stage());
    filter(
        "i.status = :status",
        "status",
        filter.status() == null ? null : filter.status().wireName());
    var from = filter.startedFrom();
    withLate = from != null;
    if (from != null) {
      filter("i.start_time >= :startedFrom", "startedFrom", Columns.time(from));
      values.put("leastId", LateStarts.leastId(from));
    }
    // What ended before a time started before it: one condition says both.
    var before = filter.finishedBefore();
    if (before != null) {
      filter("i.start_time < :finishedBefore", "finishedBefore", Columns.time(before));
      filter("i.id <= :greatestId", "greatestId", LateStarts.greatestId(before));
    }
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
              query(handle, "i.id", after, null, limit - 1, 2)
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
            query(handle, "i.id, " + SIZE + " AS size", after, until, 0, limit)
                .map(
                    (row, context) ->
                        new Pages.Sized<>(Columns.uuid(row, "id"), row.getLong("size")))
                .list());
  }

  private Query query(
      Handle handle,
      String columns,
      @Nullable UUID after,
      @Nullable UUID until,
      int skipped,
      int limit) {
    var where = new StringBuilder();
    conditions.forEach(condition -> where.append(" AND ").append(condition));
    var bound = new HashMap<>(values);
    bound.put("limit", limit);
    bound.put("skipped", skipped);
    if (withLate) {
      bound.put("most", skipped + limit);
    }
    if (after != null) {
      where.append(" AND i.id < :after");
      bound.put("after", after.toString());
    }
    if (until != null) {
      where.append(" AND i.id >= :until");
      bound.put("until", until.toString());
    }
    var byId = select(columns, BY_ID, where + (withLate ? " AND i.id >= :leastId" : ""));
    var all =
        withLate
            ? "("
                + byId
                + MOST
                + ") UNION ALL ("
                + select(columns, LATE, where.toString())
                + MOST
                + ") ORDER BY id DESC"
            : byId;
    return handle.createQuery(all + " LIMIT :limit OFFSET :skipped").bindMap(bound);
  }

  private static String select(String columns, String from, String where) {
    return "SELECT " + columns + " " + from + where + " ORDER BY i.id DESC";
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
