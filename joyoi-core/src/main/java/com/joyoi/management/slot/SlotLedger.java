package com.joyoi.management.slot;

import com.joyoi.management.instance.ServiceRegistry.Sign;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The port to the slots that sessions hold of engines. What is held is never more than what all of
 * them allow, whoever calls what at once, but where somebody comes who allows less. Every call
 * blocks and is one short transaction.
 */
public interface SlotLedger {
  /** What everybody holds of some engines; locks nothing. */
  View look(Set<String> engines);

  /**
   * Tells what a session needs and wants, and takes what is free of its share.
   *
   * @param taken how often slots were taken from it, as its heartbeats saw it
   * @param over ids of sessions that get no share any more; what they hold is not free yet
   * @return what it has of each engine from now on; empty, and nothing is changed, when slots were
   *     taken from it meanwhile, or its name is somebody else's
   */
  Optional<Map<String, Share>> settle(
      Owner owner, int taken, Collection<Bid> bids, Set<String> over);

  /**
   * Takes slots from a session that is over, down to what still runs of it, and tells it so.
   *
   * @param sign of the session, which must not have been heard of since; null for one whose name
   *     has gone to another session, or that has given the engine up
   * @return whether it was over
   */
  boolean takeBack(Holding holding, int left, @Nullable Sign sign);

  /**
   * Leaves to others what a session holds of engines that it can't reach any more: they know when
   * nothing of it is left there.
   */
  void giveUp(String session, Set<String> engines);

  /**
   * Gives all back at a session's end, but for what still runs.
   *
   * @param used slots by engine
   */
  void leave(String session, Map<String, Integer> used);

  /** Whose slots. */
  record Owner(String service, String session) {}

  /**
   * What there is at some moment.
   *
   * @param seconds the database's time, about the same for everybody; 0 where nobody holds anything
   */
  record View(List<Holding> holdings, long seconds) {
    public View {
      holdings = List.copyOf(holdings);
    }
  }

  /**
   * What a session holds of an engine.
   *
   * @param most as many as it would run at once, were it alone
   * @param wanted how many it could use
   * @param lease of its session
   * @param isGivenUp whether its session can't reach the engine any more
   */
  record Holding(
      String engine,
      Owner owner,
      Duration lease,
      int most,
      int held,
      int wanted,
      boolean isGivenUp) {}

  /**
   * What a session asks of an engine.
   *
   * @param most as in {@link Holding}
   * @param needed as many it can't do without at this moment
   * @param wanted as in {@link Holding}
   */
  record Bid(String engine, int most, int needed, int wanted) {}

  /**
   * What it gets.
   *
   * @param held its own from now on
   * @param allowed how many of these it may use; the rest is to be given back as runs end
   */
  record Share(int held, int allowed) {}
}
