package com.joyoi.management.slot;

import com.joyoi.management.slot.SlotLedger.Bid;
import com.joyoi.management.slot.SlotLedger.Share;
import com.joyoi.management.slot.SlotLedger.View;
import java.util.Set;
import java.util.TreeMap;

/**
 * How the slots of one engine are shared out. Everybody computes the same from the same rows: those
 * who want slots get equal parts, and none more than it wants; what nobody wants is divided equally
 * too, so that it is there when it is wanted.
 */
public final class Shares {
  /** How long the remainder of a division stays with those who got it. */
  private static final int TURN_SECONDS = 10;

  /**
   * Below so many slots for each, one that is kept for who wants none costs the others too much.
   */
  private static final int ROOM_TO_KEEP_ONE = 4;

  private final int held;
  private final int room;
  private final int target;

  /**
   * @param held by the bidder, as it stands in the database
   * @param room what the others leave of all slots
   */
  private Shares(int held, int room, int target) {
    this.held = held;
    this.room = room;
    this.target = target;
  }

  /**
   * Looks at one engine.
   *
   * @param own id of the session that bids
   * @param view of this engine and others
   * @param over ids of sessions that get no share any more
   */
  public static Shares of(String own, Bid bid, View view, Set<String> over) {
    var limit = bid.most();
    var held = 0;
    var ofOthers = 0;
    var gone = 0;
    // In an order that is the same for all.
    var wanted = new TreeMap<String, Integer>();
    wanted.put(own, bid.wanted());
    for (var holding : view.holdings()) {
      var session = holding.owner().session();
      if (!holding.engine().equals(bid.engine())) {
        continue;
      }
      if (session.equals(own)) {
        held = holding.held();
        continue;
      }
      ofOthers += holding.held();
      if (holding.isGivenUp() || over.contains(session)) {
        gone += holding.held();
      } else {
        limit = Math.min(limit, holding.most());
        wanted.put(session, holding.wanted());
      }
    }
    var me = wanted.headMap(own).size();
    var wants = wanted.values().stream().mapToInt(Integer::intValue).toArray();
    var parts = divide(Math.max(0, limit - gone), wants, view.seconds() / TURN_SECONDS);
    return new Shares(held, limit - ofOthers, parts[me]);
  }

  /** How many it should have. */
  public int target() {
    return target;
  }

  /**
   * What it has while it can't do without some, and nobody else gives any away: its share as far as
   * the others leave room for it. What was taken from it does not become its own again by being
   * needed.
   *
   * @param needed as in {@link Bid}
   */
  public Share take(int needed) {
    var own = Math.max(Math.min(needed, held), Math.max(0, Math.min(target, room)));
    return new Share(own, Math.min(own, target));
  }

  /** Parts whose sum is {@code room}. */
  static int[] divide(int room, int[] wants, long turn) {
    var parts = new int[wants.length];
    var least = room >= ROOM_TO_KEEP_ONE * wants.length ? 1 : 0;
    var left = room;
    while (left > 0) {
      var hungry = 0;
      for (var i = 0; i < wants.length; i++) {
        if (parts[i] < Math.max(wants[i], least)) {
          hungry++;
        }
      }
      if (hungry == 0) {
        break;
      }
      var each = left / hungry;
      if (each == 0) {
        left = giveInTurn(parts, wants, least, left, turn);
        break;
      }
      for (var i = 0; i < wants.length; i++) {
        var given = Math.min(each, Math.max(0, Math.max(wants[i], least) - parts[i]));
        parts[i] += given;
        left -= given;
      }
    }
    for (var i = 0; i < parts.length; i++) {
      parts[i] += left / parts.length + (i < left % parts.length ? 1 : 0);
    }
    return parts;
  }

  /** One each to as many as there are slots, beginning with another one at each turn. */
  private static int giveInTurn(int[] parts, int[] wants, int least, int slots, long turn) {
    var left = slots;
    for (var n = 0; n < wants.length && left > 0; n++) {
      var i = (int) Math.floorMod(turn + n, (long) wants.length);
      if (parts[i] < Math.max(wants[i], least)) {
        parts[i]++;
        left--;
      }
    }
    return left;
  }
}
