package com.joyoi.management.concurrent;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;

/**
 * Timers that run nothing by themselves: {@link #advance} moves the clock and runs what comes due,
 * on the calling thread, in the order of time. Thread-safe.
 */
public final class ManualTimers implements Timers {
  private final SettableClock clock;

  // All guarded by this.
  private final List<ManualTask> tasks = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();
  private Duration passed = Duration.ZERO;
  private boolean closed;

  public ManualTimers() {
    this(new SettableClock());
  }

  public ManualTimers(SettableClock clock) {
    this.clock = clock;
  }

  /** The clock that {@link #advance} moves. */
  public SettableClock clock() {
    return clock;
  }

  /** Moves the clock from one due task to the next, and to the end of {@code duration}. */
  public void advance(Duration duration) {
    var end = clock.instant().plus(duration);
    for (var due = takeDue(end); due.isPresent(); due = takeDue(end)) {
      run(due.get());
    }
    moveTo(end);
  }

  /** Moves the clock to the next due task and runs it, if it has this name. */
  public void advanceTo(String name) {
    ManualTask task;
    synchronized (this) {
      var next = tasks.stream().min(Comparator.comparing((ManualTask it) -> it.due));
      if (next.isEmpty() || !next.get().name.equals(name)) {
        return;
      }
      task = takeDue(next.get().due).orElseThrow();
    }
    run(task);
  }

  private void run(ManualTask task) {
    try {
      task.run.run();
    } catch (RuntimeException | Error e) {
      synchronized (this) {
        failures.add(e);
      }
    }
    repeat(task);
  }

  /** Names of what is still to run, the next one first. */
  public synchronized List<String> pending() {
    return tasks.stream()
        .sorted(Comparator.comparing(task -> task.due))
        .map(task -> task.name)
        .toList();
  }

  /** Blocks until a task of this name is to be run. */
  public synchronized void awaitPending(String name) {
    try {
      while (tasks.stream().noneMatch(task -> task.name.equals(name))) {
        wait();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this", e);
    }
  }

  /** What tasks threw. */
  public synchronized List<Throwable> failures() {
    return List.copyOf(failures);
  }

  /** Goes with {@link #advance} alone, wherever the clock is set. */
  @Override
  public synchronized long nanoTime() {
    return passed.toNanos();
  }

  private synchronized void moveTo(Instant time) {
    var step = Duration.between(clock.instant(), time);
    passed = passed.plus(step.isNegative() ? Duration.ZERO : step);
    clock.set(time);
  }

  @Override
  public Task after(Duration delay, String name, Runnable task) {
    return add(new ManualTask(name, task, clock.instant().plus(delay), Duration.ZERO));
  }

  @Override
  public Task every(Duration period, String name, Runnable task) {
    return add(new ManualTask(name, task, clock.instant().plus(period), period));
  }

  @Override
  public synchronized void close() {
    closed = true;
    tasks.clear();
  }

  private synchronized Task add(ManualTask task) {
    if (closed) {
      throw new RejectedExecutionException("the timers are closed: " + task.name);
    }
    tasks.add(task);
    notifyAll();
    return () -> cancel(task);
  }

  private synchronized void cancel(ManualTask task) {
    task.cancelled = true;
    tasks.remove(task);
  }

  private synchronized void repeat(ManualTask task) {
    if (!task.period.isZero() && !task.cancelled && !closed) {
      task.due = clock.instant().plus(task.period);
      tasks.add(task);
    }
  }

  private synchronized Optional<ManualTask> takeDue(Instant end) {
    var next = tasks.stream().min(Comparator.comparing((ManualTask task) -> task.due));
    if (next.isEmpty() || next.get().due.isAfter(end)) {
      return Optional.empty();
    }
    var task = next.get();
    tasks.remove(task);
    if (task.due.isAfter(clock.instant())) {
      moveTo(task.due);
    }
    return next;
  }

  private static final class ManualTask {
    final String name;
    final Runnable run;
    final Duration period;
    Instant due;
    boolean cancelled;

    ManualTask(String name, Runnable run, Instant due, Duration period) {
      this.name = name;
      this.run = run;
      this.due = due;
      this.period = period;
    }
  }
}
