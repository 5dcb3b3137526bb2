package com.joyoi.management.persistence;

import com.joyoi.management.listing.Pages;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Where a list in the order of one column comes from.
 *
 * @param what it is, for an error message
 * @param select columns and table, up to and including a WHERE with a condition that always holds
 * @param keys the same with the columns {@code list_key} and {@code list_size} alone
 * @param column by which it is ordered
 * @param bound values of that condition
 * @param parse from the column's text to a key
 */
record KeyedPages<K, T>(
    Database database,
    String what,
    String select,
    String keys,
    String column,
    Map<String, String> bound,
    Function<String, K> parse,
    RowMapper<T> mapper)
    implements Pages.Source<K, T> {

  @Override
  public @Nullable K cut(@Nullable K after, int limit) {
    return database.inTransaction(
        what,
        handle -> {
          var last =
              query(handle, after, null, " LIMIT 2 OFFSET :skipped")
                  .bind("skipped", limit - 1)
                  .map((row, context) -> key(row))
                  .list();
          return last.size() < 2 ? null : last.getFirst();
        });
  }

  @Override
  public List<Pages.Sized<K>> keys(@Nullable K after, @Nullable K until, int limit) {
    return database.inTransaction(
        what,
        handle ->
            query(handle, after, until, " LIMIT :limit")
                .bind("limit", limit)
                .map((row, context) -> new Pages.Sized<>(key(row), row.getLong("list_size")))
                .list());
  }

  private K key(ResultSet row) throws SQLException {
    return parse.apply(row.getString("list_key"));
  }

  private Query query(Handle handle, @Nullable K after, @Nullable K until, String end) {
    var sql = new StringBuilder(keys);
    if (after != null) {
      sql.append(" AND ").append(column).append(" > :after");
    }
    if (until != null) {
      sql.append(" AND ").append(column).append(" <= :until");
    }
    var query =
        handle
            .createQuery(sql.append(" ORDER BY ").append(column).append(end).toString())
            .bindMap(bound);
    if (after != null) {
      query.bind("after", after.toString());
    }
    if (until != null) {
      query.bind("until", until.toString());
    }
    return query;
  }

  @Override
  public List<T> entries(List<K> some) {
    return database.inTransaction(
        what,
        handle ->
            handle
                .createQuery(select + " AND " + column + " IN (<keys>) ORDER BY " + column)
                .bindMap(bound)
                .bindList("keys", some.stream().map(Object::toString).toList())
                .map(mapper)
                .list());
  }
}
