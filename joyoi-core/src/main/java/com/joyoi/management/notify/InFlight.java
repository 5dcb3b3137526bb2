package com.joyoi.management.notify;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.joyoi.management.callback.DeliveryRepository.Due;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * How many deliveries are under way, so that a slow receiver takes no more than its share.
 * Thread-safe.
 */
final class InFlight {
  /** To one host and port: enough to keep it busy. */
  static final int PER_RECEIVER = 10;

  /** Each holds a connection and the text of an error. */
  static final int MAX = 200;

  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Map<String, Integer> byReceiver = new HashMap<>();

  /** Of the receiver, by the delivery. */
  @GuardedBy("lock")
  private final Map<UUID, String> all = new HashMap<>();

  /** Receivers that get no more for now. */
  Set<String> busy() {
    synchronized (lock) {
      return byReceiver.entrySet().stream()
          .filter(entry -> entry.getValue() >= PER_RECEIVER)
          .map(Map.Entry::getKey)
          .collect(Collectors.toSet());
    }
  }

  boolean isFull() {
    synchronized (lock) {
      return all.size() >= MAX;
    }
  }

  /**
   * As many as there is room for; they count from now on. What is under way already is not due
   * whatever its row says: how it went could not be told for longer than its lease.
   */
  List<Due> begin(Collection<Due> due) {
    var begun = new ArrayList<Due>();
    synchronized (lock) {
      for (var one : due) {
        int underWay = byReceiver.getOrDefault(one.receiver(), 0);
        if (all.size() < MAX && underWay < PER_RECEIVER && !all.containsKey(one.id())) {
          byReceiver.put(one.receiver(), underWay + 1);
          all.put(one.id(), one.receiver());
          begun.add(one);
        }
      }
    }
    return begun;
  }

  void end(UUID id) {
    synchronized (lock) {
      var receiver = Objects.requireNonNull(all.remove(id));
      byReceiver.computeIfPresent(receiver, (key, count) -> count == 1 ? null : count - 1);
      lock.notifyAll();
    }
  }

  /** Waits until nothing is under way, or the time is over. */
  void awaitNone(Duration patience) {
    var end = System.nanoTime() + patience.toNanos();
    synchronized (lock) {
      try {
        var left = patience.toNanos();
        while (!all.isEmpty() && left > 0) {
          TimeUnit.NANOSECONDS.timedWait(lock, left);
          left = end - System.nanoTime();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
