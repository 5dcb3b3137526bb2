package com.joyoi.management.engine;

import com.joyoi.management.catalog.ActorCatalog;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.error.NearestName;
import com.joyoi.management.model.ActorDefinition;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sources of the actors that an execution uses, each pinned at its first use, so that a later
 * PATCH of it changes nothing. Nobody but the execution pins, so what it knows is true.
 * Thread-safe.
 */
final class UsedActors {
  /** Names that a message about an unknown actor is looked for among. */
  private static final int MOST_SUGGESTED = 10_000;

  private final ActorCatalog actors;
  private final Map<String, String> pinned;
  private final Map<String, String> chosen = new ConcurrentHashMap<>();

  /**
   * @param pinned what is recorded already
   */
  UsedActors(ActorCatalog actors, Map<String, String> pinned) {
    this.actors = actors;
    this.pinned = new ConcurrentHashMap<>(pinned);
  }

  /** The hash of an actor's source, and from now on the same one. */
  String hash(String actor) {
    var known = pinned.getOrDefault(actor, chosen.get(actor));
    if (known != null) {
      return known;
    }
    // Not within the map: reading may take as long as the database is away.
    var current = actors.currentHash(actor).orElseThrow(() -> notFound(actor));
    var first = chosen.putIfAbsent(actor, current);
    return first == null ? current : first;
  }

  /** Those of some actors that are to be recorded with their next use. */
  Map<String, String> unrecorded(Iterable<String> some) {
    var unrecorded = new HashMap<String, String>();
    for (var actor : some) {
      if (!pinned.containsKey(actor)) {
        unrecorded.put(actor, hash(actor));
      }
    }
    return unrecorded;
  }

  void recorded(Map<String, String> pins) {
    pinned.putAll(pins);
  }

  /** The source may be gone: the next use looks again. */
  void notRecorded(Map<String, String> pins) {
    pins.forEach(chosen::remove);
  }

  private JoyoiException notFound(String name) {
    var known = actors.listing(null, MOST_SUGGESTED).map(ActorDefinition::name).toList();
    return JoyoiException.notFound("actor not found: " + name + NearestName.question(name, known));
  }
}
