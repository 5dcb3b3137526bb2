package com.joyoi.management.engine;

import com.joyoi.management.instance.InstanceEvents;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Followers of instances. One reader asks for the last event of all followed instances at once, and
 * wakes those followers that are behind; each of them then reads what it lacks, at its own pace, on
 * a virtual thread that it has only while there is something to tell. Thread-safe.
 */
final class EventFeed {
  /** How late a follower may learn of what another service does. */
  static final Duration PERIOD = Duration.ofMillis(500);

  private final Map<UUID, FollowedInstance> followed = new ConcurrentHashMap<>();
  private final LookOrder order = new LookOrder();
  private final Set<UUID> nudged = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean lookComes = new AtomicBoolean();
  private final InstanceEvents events;
  private final Executor reader;
  private final Executor listeners;
  private volatile boolean closed;

  /**
   * Begins to look when it is told to.
   *
   * @param reader one look at a time; may refuse when everything stops
   * @param listeners may block
   */
  EventFeed(InstanceEvents events, Executor reader, Executor listeners) {
    this.events = events;
    this.reader = reader;
    this.listeners = listeners;
  }

  EventSubscription follow(UUID id, long after, InstanceEventListener listener) {
    var follower = new EventFollower(after, listener, listeners, closing -> forget(id, closing));
    var instance =
        followed.compute(
            id,
            (key, known) -> {
              var joined = known == null ? new FollowedInstance(key, events) : known;
              joined.add(follower);
              return joined;
            });
    if (closed) {
      follower.stop(instance);
    }
    nudge(id);
    return follower;
  }

  private void forget(UUID id, EventFollower follower) {
    followed.computeIfPresent(id, (key, instance) -> instance.remove(follower) ? null : instance);
  }

  /** This service has written to an instance: its followers need not wait for the next look. */
  void nudge(UUID id) {
    if (!followed.containsKey(id) || closed) {
      return;
    }
    nudged.add(id);
    if (lookComes.compareAndSet(false, true)) {
      reader.execute(this::lookAtNudged);
    }
  }

  private void lookAtNudged() {
    // First the flag: what is nudged from now on gets a look of its own.
    lookComes.set(false);
    var ids = Set.copyOf(nudged);
    nudged.removeAll(ids);
    look(ids);
  }

  /**
   * Looks at everything that is followed, or at so much as one statement asks for, and blocks for
   * that statement; then for one for each instance that has something new.
   */
  void look() {
    look(order.next(followed.keySet(), id -> true));
  }

  private void look(Collection<UUID> ids) {
    if (ids.isEmpty()) {
      return;
    }
    var last = events.lastEvents(ids);
    for (var id : ids) {
      var instance = followed.get(id);
      if (instance != null) {
        instance.found(last.get(id));
      }
    }
  }

  /** Tells all followers that the service stops. */
  void close() {
    closed = true;
    followed.values().forEach(FollowedInstance::stop);
  }
}
