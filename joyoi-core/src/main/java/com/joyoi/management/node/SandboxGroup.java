package com.joyoi.management.node;

import com.joyoi.management.concurrent.WaitQueue;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Runs that may follow one another in the same sandboxes, and what is known of their times: whether
 * another sandbox is worth its making. Not thread-safe: guarded by the pool's lock.
 */
final class SandboxGroup {
  final SandboxKey key;

  /** Those that wait for a sandbox of the group, and have none made. */
  final WaitQueue<Waiter> patient;

  /** How many want one made, or have one made. */
  int making;

  /** Whether a later look is arranged. */
  boolean isLookArranged;

  private final RunTimes times;

  /** The runs under way and when they began, by {@link System#nanoTime}, the oldest first. */
  private final Map<NodeLeaseImpl, Long> busy = new LinkedHashMap<>();

  /** How long the group's own runs take, by what is run. */
  private final Map<String, Duration> ownTimes = new HashMap<>();

  /**
   * @param times of all groups
   */
  SandboxGroup(SandboxKey key, WaitQueue<Waiter> patient, RunTimes times) {
    this.key = key;
    this.patient = patient;
    this.times = times;
  }

  /** Nothing happens when it was not one. */
  void patientLeft(Waiter waiter) {
    if (waiter.patience != null) {
      patient.remove(waiter.patience);
      waiter.patience = null;
    }
  }

  void began(NodeLeaseImpl lease, long now) {
    busy.put(lease, now);
  }

  /** Takes note of its time; nothing happens when it was not the group's. */
  void ended(NodeLeaseImpl lease, long now) {
    var since = busy.remove(lease);
    var wish = lease.wish();
    if (since != null && wish != null) {
      var taken = Duration.ofNanos(now - since);
      ownTimes.merge(wish.work(), taken, RunTimes::mean);
      times.ended(wish.work(), taken);
    }
  }

  /** How many sandboxes it has, or soon will have. */
  private int sandboxes() {
    return busy.size() + making;
  }

  /** Whether those who wait follow nobody. */
  boolean hasNone() {
    return sandboxes() == 0;
  }

  /** Whether time alone may make another sandbox worthwhile. */
  boolean needsLooks() {
    return !busy.isEmpty() && !patient.isEmpty();
  }

  /**
   * Whether one more sandbox brings the end of those who wait nearer by more than it is worth. With
   * {@code n} sandboxes the {@code w} runs that wait, of time {@code t}, take {@code wt/n}; one
   * more shares in that after {@code delay}, and saves {@code (wt/n - delay)/(n + 1)}.
   *
   * @param delay until it is there: zero for one that waits unused. It costs the same, for its
   *     place is filled again by making one
   * @param price of the time of a making, in the time of those who wait
   */
  boolean isAnotherWorthwhile(Duration delay, double price, long now) {
    int n = sandboxes();
    if (n == 0) {
      return true;
    }
    var left = patient.size() * nanosOfNext(now) / n;
    return (left - delay.toNanos()) / (n + 1) > price * times.making().toNanos();
  }

  /** Whether the next run is likely to last at least that long. */
  boolean isNextAsLongAs(Duration time, long now) {
    return nanosOfNext(now) >= time.toNanos();
  }

  /**
   * As long as the others of its kind. What is known from other groups alone speaks for a second
   * sandbox, no more. One that has been running for as long as a sandbox takes to make is likely to
   * go on for as long again; before, that says nothing.
   */
  private double nanosOfNext(long now) {
    var first = patient.first();
    if (first.isEmpty()) {
      return 0;
    }
    var work = Objects.requireNonNull(first.get().value().wish, "wish").work();
    var known = ownTimes.get(work);
    long time = 0;
    if (known != null) {
      time = known.toNanos();
    } else if (sandboxes() == 1) {
      time = times.of(work).toNanos();
    }
    long longest = 0;
    for (var run : busy.entrySet()) {
      var wish = run.getKey().wish();
      if (known == null || (wish != null && wish.work().equals(work))) {
        longest = Math.max(longest, now - run.getValue());
      }
    }
    return longest < times.making().toNanos() ? time : Math.max(time, longest);
  }

  boolean isEmpty() {
    return sandboxes() == 0 && patient.isEmpty();
  }
}
