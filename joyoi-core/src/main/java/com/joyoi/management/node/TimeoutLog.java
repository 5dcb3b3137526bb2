package com.joyoi.management.node;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.List;

/** The time-outs of late, for people to read. Thread-safe. */
final class TimeoutLog {
  static final Duration KEPT = Duration.ofDays(30);

  /** A few hundred KB at most; one dead node alone brings more than 2,000 a day. */
  static final int MAX_ENTRIES = 1_000;

  private final Clock clock;

  @GuardedBy("this")
  private final ArrayDeque<Entry> entries = new ArrayDeque<>();

  TimeoutLog(Clock clock) {
    this.clock = clock;
  }

  synchronized void add(String what) {
    prune();
    if (entries.size() == MAX_ENTRIES) {
      entries.removeFirst();
    }
    entries.addLast(new Entry(clock.instant(), what));
  }

  /** Oldest first. */
  synchronized List<String> lines() {
    prune();
    return entries.stream()
        .map(e -> "(" + e.time.truncatedTo(ChronoUnit.MILLIS) + "): " + e.what)
        .toList();
  }

  @GuardedBy("this")
  private void prune() {
    var oldest = clock.instant().minus(KEPT);
    while (!entries.isEmpty() && entries.getFirst().time.isBefore(oldest)) {
      entries.removeFirst();
    }
  }

  private record Entry(Instant time, String what) {}
}
