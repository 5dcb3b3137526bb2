package com.joyoi.management.node;

import java.util.Optional;

/** A held slot of a node. Thread-safe. */
public interface NodeLease {
  NodeConnection node();

  /**
   * What to run in, the holder's from now on; empty when it makes a container of its own: because
   * it did not wish for a sandbox, or the node has none.
   */
  Optional<IdleSandbox> sandbox();

  /** Whether the sandbox may serve another run after this one. */
  boolean isReusable();

  /** The place in the queue, to be kept when another node has to be found. */
  long number();

  /**
   * Whether the slot is still its holder's. Others may have taken it over while this process stood
   * still, or heard nothing from its database: to be asked when the container is there, right
   * before its program is started. Costs nothing.
   */
  boolean isHeld();

  /**
   * Says that the node failed its holder: it rests, and is used again only when it has answered
   * again. Does not release.
   *
   * @param timedOut whether a deadline of ours ran out, for the list of time-outs
   */
  void reportFault(String what, boolean timedOut);

  /** Says that the program has been started; one that goes on proves that its node works. */
  void reportStarted();

  /** Says that the node did all that its holder needed, so that one on trial works again. */
  void reportServed();

  /**
   * Says that the run is over while its slot is still needed: those who wait need not allow for its
   * time any more. Only the first call counts; {@link #release} says it, too.
   *
   * @param returns whether the sandbox is about to come back
   */
  void over(boolean returns);

  /** Gives the slot to the first waiter. Only the first call counts. */
  void release();

  /**
   * Gives the slot back, and the sandbox to whoever may use it next.
   *
   * @param clean nothing of the run is left in it
   */
  void release(IdleSandbox clean);
}
