package com.joyoi.management.web.fake;

import com.joyoi.management.engine.EventSubscription;
import com.joyoi.management.engine.InstanceEventListener;
import com.joyoi.management.engine.InstanceEventListener.Reason;
import com.joyoi.management.instance.InstanceEvents;
import com.joyoi.management.instance.InstanceEvents.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Events of instances in memory; each follower is told them on a virtual thread of its own. */
public final class FakeEvents {
  private final Map<UUID, List<Event>> events = new HashMap<>();
  private final Map<UUID, Boolean> gone = new HashMap<>();
  private int followers;

  /** Something happened to an instance. */
  public synchronized void add(UUID id, String type, String data) {
    var all = events.computeIfAbsent(id, unused -> new ArrayList<>());
    all.add(
        new Event(id, all.size() + 1L, type, data, Instant.parse("2024-05-06T07:08:09.123456Z")));
    notifyAll();
  }

  synchronized void remove(UUID id) {
    gone.put(id, true);
    notifyAll();
  }

  EventSubscription follow(UUID id, long after, InstanceEventListener listener) {
    synchronized (this) {
      followers++;
      notifyAll();
    }
    var thread = Thread.ofVirtual().start(() -> tell(id, after, listener));
    return thread::interrupt;
  }

  private void tell(UUID id, long after, InstanceEventListener listener) {
    long position = after;
    try {
      while (true) {
        Event next;
        synchronized (this) {
          var all = events.getOrDefault(id, List.of());
          position = Math.min(position, all.size());
          while (position == events.getOrDefault(id, List.of()).size()) {
            all = events.getOrDefault(id, List.of());
            if (gone.containsKey(id) || (!all.isEmpty() && isLast(all.get(all.size() - 1)))) {
              break;
            }
            wait();
          }
          all = events.getOrDefault(id, List.of());
          next = position < all.size() ? all.get((int) position) : null;
        }
        if (next == null) {
          listener.onEnd(gone.containsKey(id) ? Reason.GONE : Reason.ENDED);
          return;
        }
        listener.onEvent(next);
        position = next.number();
      }
    } catch (InterruptedException e) {
      // The subscription was closed.
    } finally {
      synchronized (this) {
        followers--;
        notifyAll();
      }
    }
  }

  private static boolean isLast(Event event) {
    return event.type().equals(InstanceEvents.ENDED);
  }

  /** Waits until so many follow. */
  public synchronized void awaitFollowers(int count) throws InterruptedException {
    while (followers != count) {
      wait();
    }
  }
}
