package com.joyoi.management.node;

/** A sandbox that waits for a run. */
public interface IdleSandbox {
  /** Whether it can be used, as far as one can tell without asking it; must not block. */
  boolean isAlive();

  /** Ends it. Must not block; its container is removed in the background. */
  void discard();
}
