package com.joyoi.management.notify;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.joyoi.management.callback.DeliveryRepository.Due;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  @GuardedBy("lock")
  private int all;

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
      return all >= MAX;
    }
  }

  /** As many as there is room for; they count from now on. */
  List<Due> begin(Collection<Due> due) {
    var begun = new ArrayList<Due>();
    synchronized (lock) {
      for (var one : due) {
        int underWay = byReceiver.getOrDefault(one.receiver(), 0);
        if (all < MAX && underWay < PER_RECEIVER) {
          byReceiver.put(one.receiver(), underWay + 1);
          all++;
          begun.add(one);
        }
      }
    }
    return begun;
  }

  void end(String receiver) {
    synchronized (lock) {
      all--;
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
        while (all > 0 && left > 0) {
          TimeUnit.NANOSECONDS.timedWait(lock, left);
          left = end - System.nanoTime();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
