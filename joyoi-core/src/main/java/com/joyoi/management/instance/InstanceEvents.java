package com.joyoi.management.instance;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The port to what happened to instances, for clients that follow them, also from another service
 * or after a restart. Every write of an instance that somebody outside may want to see appends an
 * event in the same transaction. Every call blocks.
 */
public interface InstanceEvents {
  /** The types of events. */
  String STAGE = "stage";

  String ACTOR_STARTED = "actor-started";

  String ACTOR_ENDED = "actor-ended";

  String ENDED = "ended";

  /**
   * How many of the last events of an instance are kept at least: enough for every stage and run of
   * a large instance, small enough that one that loops for ever does not fill the database.
   */
  int KEPT = 10_000;

  /**
   * Events of an instance that are still kept, in order.
   *
   * @param number events with a greater number only; 0 for all
   */
  List<Event> eventsAfter(UUID instanceId, long number, int limit);

  /** The number of the last event of each instance that exists, 0 where there was none. */
  Map<UUID, Long> lastEvents(Collection<UUID> instanceIds);

  /**
   * Something that happened.
   *
   * @param number grows by 1 within an instance, from 1
   * @param type one of the constants
   * @param data a JSON object
   */
  record Event(UUID instanceId, long number, String type, String data, Instant time) {}
}
