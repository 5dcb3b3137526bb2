package com.joyoi.management.node;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A pool's nodes as {@link SlotSharing} sees them. Thread-safe. */
public interface SharedNodes {
  /** What each node has and could use now, those that leave last. */
  List<Demand> demands();

  /**
   * Bounds the runs of a node: nothing begins above that from now on, what runs goes on. Does
   * nothing when slots were taken back since that demand, or another engine is at its address.
   *
   * @param why it has none, for people; null when that needs no explanation
   */
  void allow(Demand demand, int slots, @Nullable String why);

  /**
   * Takes all slots back: what has got one, and has not started its program, must not do so any
   * more; see {@link NodeLease#isHeld}.
   */
  void revoke();

  /** Whether a node gets work, the best first. */
  enum Availability {
    OPEN,
    /** It answers, and gets nothing: it is cordoned, or rests, for example. */
    CLOSED,
    DOWN,
    /** Nothing begins there any more, and another one may have its place. */
    LEAVING
  }

  /**
   * A node's slots.
   *
   * @param generation of its slots: changes when they are taken back
   * @param engineId null while its engine has not said who it is
   * @param maxRunningJobs as configured
   * @param allowed the bound; 0 where it leaves
   * @param used runs, and what is about to run; above {@code allowed} when that was lowered
   * @param wanted those used and those that wait for some node, no more than configured
   */
  record Demand(
      NodeConnection node,
      Availability availability,
      long generation,
      @Nullable String engineId,
      int maxRunningJobs,
      int allowed,
      int used,
      int wanted) {
    public boolean isLeaving() {
      return availability == Availability.LEAVING;
    }

    /**
     * How many slots have to be its own: those that are used, and those that may be at any time.
     */
    public int needed() {
      return Math.max(allowed, used);
    }
  }
}
