package com.joyoi.management.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.joyoi.management.instance.InstanceEvents;
import com.joyoi.management.instance.InstanceEvents.Event;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One instance that somebody follows. What is new is read once for all its followers, and kept as
 * long as it is among the last; who is further behind reads for itself. Thread-safe.
 */
final class FollowedInstance {
  /** At once, for a follower that catches up; an event has some hundred bytes. */
  static final int PAGE = 100;

  /** Before the first look. */
  private static final long UNKNOWN = -1;

  private final UUID id;
  private final InstanceEvents events;
  private final Set<EventFollower> followers = ConcurrentHashMap.newKeySet();
  private final Object lock = new Object();

  /** The last events, without a gap, the greatest number last. */
  @GuardedBy("lock")
  private final Deque<Event> recent = new ArrayDeque<>();

  private volatile long last = UNKNOWN;
  private volatile boolean gone;

  FollowedInstance(UUID id, InstanceEvents events) {
    this.id = id;
    this.events = events;
  }

  UUID id() {
    return id;
  }

  void add(EventFollower follower) {
    followers.add(follower);
  }

  /** True when nobody is left. */
  boolean remove(EventFollower follower) {
    followers.remove(follower);
    return followers.isEmpty();
  }

  boolean isKnown() {
    return last != UNKNOWN;
  }

  long last() {
    return last;
  }

  boolean isGone() {
    return gone;
  }

  /** What a look has found: the last number, null for no instance. One look at a time. */
  void found(@Nullable Long number) {
    if (number == null) {
      gone = true;
    } else {
      if (isKnown() && number > last) {
        readNew(number);
      }
      last = Math.max(last, number);
    }
    followers.forEach(follower -> follower.look(this));
  }

  private void readNew(long number) {
    // Not past the number: what came since is read by the next look, and must not be kept twice.
    var count = number - last;
    var page = count <= PAGE ? events.eventsAfter(id, last, (int) count) : List.<Event>of();
    synchronized (lock) {
      if (page.isEmpty() || page.getFirst().number() != last + 1) {
        recent.clear();
      }
      recent.addAll(page);
      while (recent.size() > PAGE) {
        recent.removeFirst();
      }
    }
  }

  /**
   * The next events after a number, at most a page, and none past {@link #last()}: a follower that
   * ran ahead of it would be taken back at the next look, and told events twice. May block for one
   * statement.
   */
  List<Event> after(long number) {
    var bound = last;
    return page(number).stream()
        .filter(event -> event.number() > number && event.number() <= bound)
        .toList();
  }

  private List<Event> page(long number) {
    synchronized (lock) {
      if (!recent.isEmpty() && recent.getFirst().number() <= number + 1) {
        return List.copyOf(recent);
      }
    }
    return events.eventsAfter(id, number, PAGE);
  }

  /** The type of an event, null when there is none of this number. Blocks for one statement. */
  @Nullable String typeOf(long number) {
    return events.eventsAfter(id, number - 1, 1).stream()
        .filter(event -> event.number() == number)
        .map(Event::type)
        .findFirst()
        .orElse(null);
  }

  void stop() {
    followers.forEach(follower -> follower.stop(this));
  }
}
