package com.joyoi.management.engine;

import com.joyoi.management.instance.InstanceEvents.Event;

/**
 * Follows one instance. Calls come one after the other, on virtual threads of the engine, and may
 * block: a slow listener holds up nobody else, and nothing is kept in memory for it. An exception
 * ends the subscription without a further call.
 */
public interface InstanceEventListener {
  /**
   * Told of each event, in the order of their numbers. A gap in the numbers means that the events
   * between were dropped by the bound of {@link com.joyoi.management.instance.InstanceEvents#KEPT}
   * before they were read.
   */
  void onEvent(Event event);

  /** Told once, last, unless the subscription was closed before. */
  void onEnd(Reason reason);

  /** Why no more events come. */
  enum Reason {
    /** The instance has ended, and all its events were told. */
    ENDED,
    /** There is no such instance, or not any more. */
    GONE,
    /** The service stops: follow again, after the last number, when it is back. */
    STOPPING
  }
}
