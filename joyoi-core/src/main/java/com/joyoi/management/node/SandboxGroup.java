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

  /** The runs under way and when they began, by {@link System#nanoTime}, the oldest first. */
  private final Map<NodeLeaseImpl, Long> busy = new LinkedHashMap<>();

  /** How long the group's runs take, by what is run. */
  private final Map<String, Duration> times = new HashMap<>();

  SandboxGroup(SandboxKey key, WaitQueue<Waiter> patient) {
    this.key = key;
    this.patient = patient;
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
      times.merge(
          wish.work(), Duration.ofNanos(now - since), (old, last) -> old.plus(last).dividedBy(2));
    }
  }

  /**
   * Whether one more sandbox brings the end of those who wait nearer by at least half of what it
   * costs. With {@code n} sandboxes the {@code w} runs that wait, of time {@code t}, take {@code
   * wt/n}; one more shares in that after {@code cost}, and saves {@code (wt/n - cost)/(n + 1)}.
   */
  boolean isAnotherWorthwhile(Duration cost, long now) {
    int n = busy.size() + making;
    if (n == 0) {
      return true;
    }
    double costNanos = cost.toNanos();
    var left = patient.size() * nanosOfNext(now) / n;
    return (left - costNanos) / (n + 1) > costNanos / 2;
  }

  /** As long as the others of its kind; of an unknown kind, as long as one has been running. */
  private double nanosOfNext(long now) {
    var first = patient.first();
    if (first.isEmpty()) {
      return 0;
    }
    var work = Objects.requireNonNull(first.get().value().wish, "wish").work();
    var known = times.get(work);
    long longest = known == null ? 0 : known.toNanos();
    for (var run : busy.entrySet()) {
      var wish = run.getKey().wish();
      if (known == null || (wish != null && wish.work().equals(work))) {
        longest = Math.max(longest, now - run.getValue());
      }
    }
    return longest;
  }

  boolean isEmpty() {
    return busy.isEmpty() && patient.isEmpty() && making == 0;
  }
}
