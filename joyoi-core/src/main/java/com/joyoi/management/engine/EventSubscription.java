package com.joyoi.management.engine;

/** A listener's wish to follow an instance. Thread-safe. */
public interface EventSubscription extends AutoCloseable {
  /**
   * Ends it; never blocks. A call that is under way ends by itself, and none follows it. Later
   * calls do nothing.
   */
  @Override
  void close();
}
