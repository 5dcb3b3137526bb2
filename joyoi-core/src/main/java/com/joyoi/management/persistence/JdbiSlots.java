package com.joyoi.management.persistence;

import com.joyoi.management.instance.ServiceRegistry.Sign;
import com.joyoi.management.slot.Shares;
import com.joyoi.management.slot.SlotLedger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Rows of {@code joyoi_slot}. Whoever changes some writes the rows of their engines first: the
 * database lets one after the other, and one that knows no locks of others, as a cluster, lets only
 * one of them commit.
 */
final class JdbiSlots implements SlotLedger {
  private final Database database;

  JdbiSlots(Database database) {
    this.database = database;
  }

  @Override
  public View look(Set<String> engines) {
    return database.inTransaction("looking at the nodes' slots", handle -> look(handle, engines));
  }

  private static View look(Handle handle, Set<String> engines) {
    if (engines.isEmpty()) {
      return new View(List.of(), 0);
    }
    var seconds = new long[1];
    var holdings =
        handle
            .createQuery(
                """
                SELECT s.*, TIMESTAMPDIFF(SECOND, TIMESTAMP '2020-01-01 00:00:00',
                  LOCALTIMESTAMP(6)) AS seconds
                FROM joyoi_slot s WHERE s.engine IN (<engines>) ORDER BY s.engine, s.session_id
                """)
            .bindList("engines", List.copyOf(engines))
            .map(
                (row, context) -> {
                  seconds[0] = row.getLong("seconds");
                  return new Holding(
                      row.getString("engine"),
                      new Owner(row.getString("service"), row.getString("session_id")),
                      Duration.ofMillis(row.getLong("lease_ms")),
                      row.getInt("most"),
                      row.getInt("held"),
                      row.getInt("wanted"),
                      row.getBoolean("given_up"));
                })
            .list();
    return new View(holdings, seconds[0]);
  }

  @Override
  public Optional<Map<String, Share>> settle(
      Owner owner, int taken, Collection<Bid> bids, Set<String> over) {
    var sorted = new ArrayList<>(bids);
    sorted.sort(Comparator.comparing(Bid::engine));
    var engines = new TreeSet<>(sorted.stream().map(Bid::engine).toList());
    return database.inTransaction(
        "sharing out the nodes' slots",
        handle -> {
          lock(handle, engines);
          var named = named(handle, owner).filter(it -> it.taken() == taken);
          if (named.isEmpty()) {
            return Optional.empty();
          }
          var view = look(handle, engines);
          var shares = new LinkedHashMap<String, Share>();
          for (var bid : sorted) {
            var share = Shares.of(owner.session(), bid, view, over).take(bid.needed());
            shares.put(bid.engine(), share);
            write(handle, owner, named.get().lease(), bid, share);
          }
          return Optional.of(shares);
        });
  }

  private static void lock(Handle handle, Collection<String> engines) {
    // In their order, so that nobody waits for who waits for him.
    for (var engine : new TreeSet<>(engines)) {
      handle
          .createUpdate(
              """
              INSERT INTO joyoi_engine (id, changes) VALUES (:id, 1)
              ON DUPLICATE KEY UPDATE changes = changes + 1
              """)
          .bind("id", engine)
          .execute();
    }
  }

  /**
   * A session that has its name.
   *
   * @param taken how often slots were taken from it
   */
  private record Named(int taken, Duration lease) {}

  private static Optional<Named> named(Handle handle, Owner owner) {
    return handle
        .createQuery(
            """
            SELECT slots_taken, lease_ms FROM joyoi_service
            WHERE name = :service AND session_id = :session
            """)
        .bind("service", owner.service())
        .bind("session", owner.session())
        .map(
            (row, context) ->
                new Named(row.getInt("slots_taken"), Duration.ofMillis(row.getLong("lease_ms"))))
        .findOne();
  }

  private static void write(Handle handle, Owner owner, Duration lease, Bid bid, Share share) {
    handle
        .createUpdate(
            """
            INSERT INTO joyoi_slot
              (engine, session_id, service, lease_ms, most, held, wanted, given_up)
            VALUES (:engine, :session, :service, :lease, :most, :held, :wanted, FALSE)
            ON DUPLICATE KEY UPDATE most = VALUES(most), held = VALUES(held),
              wanted = VALUES(wanted), given_up = VALUES(given_up), lease_ms = VALUES(lease_ms)
            """)
        .bind("engine", bid.engine())
        .bind("session", owner.session())
        .bind("service", owner.service())
        .bind("lease", lease.toMillis())
        .bind("most", bid.most())
        .bind("held", share.held())
        .bind("wanted", bid.wanted())
        .execute();
  }

  @Override
  public boolean takeBack(Holding holding, int left, @Nullable Sign sign) {
    var owner = holding.owner();
    return database.inTransaction(
        "taking back slots of service '" + owner.service() + "'",
        handle -> {
          // Its row first, which its own heartbeats write.
          if (sign != null && !tell(handle, sign)) {
            return false;
          }
          lock(handle, List.of(holding.engine()));
          if (sign == null && !isGone(handle, holding)) {
            return false;
          }
          lower(handle, holding.engine(), owner.session(), left);
          return true;
        });
  }

  private static boolean isGone(Handle handle, Holding holding) {
    return named(handle, holding.owner()).isEmpty()
        || look(handle, Set.of(holding.engine())).holdings().stream()
            .anyMatch(now -> now.owner().equals(holding.owner()) && now.isGivenUp());
  }

  private static boolean tell(Handle handle, Sign sign) {
    return handle
            .createUpdate(
                """
                UPDATE joyoi_service SET slots_taken = slots_taken + 1
                WHERE name = :service AND session_id = :session AND heartbeat = :beat
                """)
            .bind("service", sign.service())
            .bind("session", sign.session())
            .bind("beat", sign.beat())
            .execute()
        == 1;
  }

  private static void lower(Handle handle, String engine, String session, int left) {
    handle
        .createUpdate(
            left == 0
                ? "DELETE FROM joyoi_slot WHERE engine = :engine AND session_id = :session"
                : """
                  UPDATE joyoi_slot SET held = :left
                  WHERE engine = :engine AND session_id = :session AND held > :left
                  """)
        .bind("engine", engine)
        .bind("session", session)
        .bind("left", left)
        .execute();
  }

  @Override
  public void giveUp(String session, Set<String> engines) {
    database.run(
        "giving up slots of nodes that are gone",
        handle -> {
          lock(handle, engines);
          handle
              .createUpdate(
                  """
                  UPDATE joyoi_slot SET given_up = TRUE
                  WHERE session_id = :session AND engine IN (<engines>)
                  """)
              .bind("session", session)
              .bindList("engines", List.copyOf(engines))
              .execute();
        });
  }

  @Override
  public void leave(String session, Map<String, Integer> used) {
    database.run(
        "giving back the nodes' slots",
        handle -> {
          lock(handle, used.keySet());
          used.forEach((engine, left) -> lower(handle, engine, session, left));
        });
  }
}
