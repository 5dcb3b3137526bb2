package com.joyoi.management.persistence;

import com.joyoi.management.callback.DeliveryRepository;
import com.joyoi.management.listing.Listing;
import com.joyoi.management.listing.Pages;
import com.joyoi.management.model.CallbackDelivery;
import com.joyoi.management.model.CallbackFilter;
import com.joyoi.management.model.DeliveryStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of {@code joyoi_callback}. A claim is its token, and a next attempt after its lease. */
final class JdbiDeliveries implements DeliveryRepository {
  /** What the column holds. */
  private static final int MAX_ERROR_LENGTH = 1000;

  private final Database database;

  /** What was delivered need not be delivered again, as it would be if that could not be stored. */
  private final Database patient;

  JdbiDeliveries(Database database) {
    this.database = database;
    this.patient = database.patient();
  }

  @Override
  public Look look(String service, Collection<String> busy, int limit) {
    return database.inTransaction(
        "looking for due callbacks",
        handle -> {
          var query =
              handle
                  .createQuery(
                      """
                      SELECT c.id, c.receiver, c.next_attempt, LOCALTIMESTAMP(6) AS now_time
                      FROM joyoi_callback c
                      WHERE c.service = :service AND c.status = 'Waiting'%s
                        AND NOT EXISTS (SELECT 1 FROM joyoi_callback e
                          WHERE e.instance_id = c.instance_id AND e.status = 'Waiting'
                            AND e.event_number < c.event_number)
                      ORDER BY c.next_attempt LIMIT :limit
                      """
                          .formatted(busy.isEmpty() ? "" : " AND c.receiver NOT IN (<busy>)"))
                  .bind("service", service)
                  .bind("limit", limit);
          if (!busy.isEmpty()) {
            query.bindList("busy", List.copyOf(busy));
          }
          var due = new ArrayList<Due>();
          for (var found : query.map((row, context) -> Found.of(row)).list()) {
            if (found.left().isPositive()) {
              return new Look(due, found.left());
            }
            due.add(found.due());
          }
          return new Look(due, null);
        });
  }

  private record Found(Due due, Duration left) {
    static Found of(ResultSet row) throws SQLException {
      return new Found(
          new Due(Columns.uuid(row, "id"), row.getString("receiver")),
          Duration.between(Columns.time(row, "now_time"), Columns.time(row, "next_attempt")));
    }
  }

  @Override
  public List<Claim> claim(Collection<UUID> ids, Duration lease) {
    var token = UUID.randomUUID().toString();
    var texts = ids.stream().map(UUID::toString).toList();
    return database.inTransaction(
        "claiming callbacks",
        handle -> {
          handle
              .createUpdate(
                  """
                  UPDATE joyoi_callback SET claim = :token,
                    next_attempt = TIMESTAMPADD(MICROSECOND, :lease, LOCALTIMESTAMP(6))
                  WHERE id IN (<ids>) AND status = 'Waiting'
                    AND next_attempt <= LOCALTIMESTAMP(6)
                  """)
              .bind("token", token)
              .bind("lease", micros(lease))
              .bindList("ids", texts)
              .execute();
          return handle
              .createQuery(
                  """
                  SELECT c.*, LOCALTIMESTAMP(6) AS now_time FROM joyoi_callback c
                  WHERE id IN (<ids>) AND claim = :token
                  """)
              .bindList("ids", texts)
              .bind("token", token)
              .map((row, context) -> DeliveryRow.claim(row))
              .list();
        });
  }

  @Override
  public void takeOver(String from, String by) {
    database.run(
        "taking over the callbacks of service '" + from + "'",
        handle ->
            handle
                .createUpdate(
                    """
                    UPDATE joyoi_callback SET service = :by,
                      next_attempt = CASE WHEN claim IS NULL
                        THEN next_attempt ELSE LOCALTIMESTAMP(6) END,
                      claim = NULL
                    WHERE service = :from AND status = 'Waiting'
                    """)
                .bind("from", from)
                .bind("by", by)
                .execute());
  }

  @Override
  public void settle(Claim claim, DeliveryStatus status, @Nullable String error, Duration pause) {
    var cut = error == null ? null : error.substring(0, Math.min(error.length(), MAX_ERROR_LENGTH));
    var next =
        status == DeliveryStatus.WAITING
            ? "next_attempt = TIMESTAMPADD(MICROSECOND, :pause, LOCALTIMESTAMP(6))"
            : "next_attempt = NULL, end_time = LOCALTIMESTAMP(6)";
    // What was delivered is, whoever has claimed it meanwhile.
    var condition = status == DeliveryStatus.DELIVERED ? "status = 'Waiting'" : "claim = :token";
    patient.run(
        "settling callback " + claim.id(),
        handle -> {
          var update =
              handle
                  .createUpdate(
                      """
                      UPDATE joyoi_callback SET status = :status, attempts = attempts + 1,
                        last_error = :error, claim = NULL, %s
                      WHERE id = :id AND %s
                      """
                          .formatted(next, condition))
                  .bind("status", status.wireName())
                  .bind("error", cut)
                  .bind("id", claim.id().toString());
          if (status != DeliveryStatus.DELIVERED) {
            update.bind("token", claim.token());
          }
          if (status == DeliveryStatus.WAITING) {
            update.bind("pause", micros(pause));
          }
          update.execute();
        });
  }

  @Override
  public void giveBack(Claim claim) {
    database.run(
        "giving back callback " + claim.id(),
        handle ->
            handle
                .createUpdate(
                    """
                    UPDATE joyoi_callback SET claim = NULL, next_attempt = LOCALTIMESTAMP(6)
                    WHERE id = :id AND claim = :token
                    """)
                .bind("id", claim.id().toString())
                .bind("token", claim.token())
                .execute());
  }

  @Override
  public boolean retry(UUID id, String service) {
    return database.inTransaction(
            "repeating callback " + id,
            handle ->
                handle
                    .createUpdate(
                        """
                        UPDATE joyoi_callback SET status = 'Waiting', service = :service,
                          attempts = 0, due_from = LOCALTIMESTAMP(6), end_time = NULL,
                          next_attempt = CASE WHEN claim IS NULL OR next_attempt IS NULL
                            OR next_attempt <= LOCALTIMESTAMP(6)
                            THEN LOCALTIMESTAMP(6) ELSE next_attempt END
                        WHERE id = :id
                        """)
                    .bind("service", service)
                    .bind("id", id.toString())
                    .execute())
        > 0;
  }

  @Override
  public Listing<CallbackDelivery> listing(CallbackFilter filter) {
    var where = new StringBuilder(" FROM joyoi_callback WHERE TRUE");
    var bound = new HashMap<String, String>();
    if (filter.instance() != null) {
      where.append(" AND instance_id = :instance");
      bound.put("instance", filter.instance().toString());
    }
    if (filter.status() != null) {
      where.append(" AND status = :status");
      bound.put("status", filter.status().wireName());
    }
    var pages =
        new KeyedPages<UUID, CallbackDelivery>(
            database,
            "listing callbacks",
            "SELECT " + DeliveryRow.LISTED + where,
            "SELECT id AS list_key, 2000 AS list_size" + where,
            "id",
            bound,
            UUID::fromString,
            (row, context) -> DeliveryRow.delivery(row));
    return Pages.of(pages, filter.after(), filter.limit());
  }

  private static long micros(Duration duration) {
    return duration.truncatedTo(ChronoUnit.MICROS).toNanos() / 1000;
  }
}
