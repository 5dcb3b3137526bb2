package com.joyoi.management.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.joyoi.management.blame.RunningCode;
import com.joyoi.management.blame.Suspicion;
import com.joyoi.management.concurrent.Timers;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/**
 * Takes instances under suspicion up one at a time, the most suspicious first, so that the next
 * death tells whose doing it is. The next one begins when the code of the one before has ended or
 * waits, or has gone on for a while, which is longer for one that has seen more deaths: those that
 * only come to their deed after a long time are told apart in the end, too. Thread-safe.
 */
final class Quarantine {
  /** Code that kills as soon as it is run does so in much less. */
  static final Duration FIRST_PATIENCE = Duration.ofSeconds(5);

  /** Waits for less than this (for a stage to be stored, say) are no pause of the code. */
  static final Duration SETTLED_AFTER = Duration.ofMillis(100);

  private static final Duration LONGEST_PATIENCE = Duration.ofMinutes(10);

  private final RunningCode code;
  private final Timers timers;
  private final Executor threads;
  private final Predicate<Suspicion> takeUp;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final PriorityQueue<Suspicion> waiting =
      new PriorityQueue<>(
          Comparator.comparingInt(Suspicion::deaths).reversed().thenComparing(Suspicion::instance));

  @GuardedBy("lock")
  private boolean occupied;

  /**
   * @param threads takes up each, on a thread that may block
   * @param takeUp whether the instance was started
   */
  Quarantine(RunningCode code, Timers timers, Executor threads, Predicate<Suspicion> takeUp) {
    this.code = code;
    this.timers = timers;
    this.threads = threads;
    this.takeUp = takeUp;
  }

  void add(Collection<Suspicion> suspects) {
    synchronized (lock) {
      waiting.addAll(suspects);
      if (occupied || waiting.isEmpty()) {
        return;
      }
      occupied = true;
    }
    next();
  }

  private void next() {
    Suspicion suspicion;
    synchronized (lock) {
      suspicion = waiting.poll();
      if (suspicion == null) {
        occupied = false;
        return;
      }
    }
    threads.execute(() -> admit(suspicion));
  }

  private void admit(Suspicion suspicion) {
    var stay = new Stay(suspicion.instance());
    stay.watch();
    var started = false;
    try {
      started = takeUp.test(suspicion);
    } finally {
      if (!started) {
        stay.end();
      }
    }
    if (started) {
      timers.after(patience(suspicion), "quarantine", stay::end);
    }
  }

  /** The time of one suspect. */
  private final class Stay {
    private final UUID instance;
    private final AtomicBoolean over = new AtomicBoolean();

    Stay(UUID instance) {
      this.instance = instance;
    }

    void watch() {
      code.whenQuiet(
          instance, () -> timers.after(SETTLED_AFTER, "quarantine settles", this::settle));
    }

    private void settle() {
      if (code.isRunning(instance)) {
        watch();
      } else {
        end();
      }
    }

    void end() {
      if (over.compareAndSet(false, true)) {
        next();
      }
    }
  }

  private static Duration patience(Suspicion suspicion) {
    var patience = FIRST_PATIENCE;
    for (int i = 1; i < suspicion.deaths() && patience.compareTo(LONGEST_PATIENCE) < 0; i++) {
      patience = patience.multipliedBy(2);
    }
    return patience;
  }
}
