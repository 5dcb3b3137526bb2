package com.joyoi.management.node;

/** A held slot of a node. Thread-safe. */
public interface NodeLease {
  NodeConnection node();

  /**
   * Says that the node failed its holder: it is used again only when it has answered again. Does
   * not release.
   *
   * @param timedOut whether a deadline of ours ran out, for the list of time-outs
   */
  void reportFault(String what, boolean timedOut);

  /** Gives the slot to the first waiter. Only the first call counts. */
  void release();
}
