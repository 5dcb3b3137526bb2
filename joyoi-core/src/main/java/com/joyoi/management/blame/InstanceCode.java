package com.joyoi.management.blame;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The code of one execution, and the threads that are in it. What it waits for through a future of
 * ours it says itself; waiting in other ways (for {@code allOf}, say) is seen by {@link #look}, and
 * is over as soon as a thread comes in, as one does to complete a future. Thread-safe.
 */
public final class InstanceCode {
  private final UUID instance;
  private final RunningCode all;

  @GuardedBy("this")
  private final List<Thread> threads = new ArrayList<>();

  /** Grows with everything that {@link #look} does not do. */
  @GuardedBy("this")
  private int changes;

  @GuardedBy("this")
  private boolean running;

  @GuardedBy("this")
  private int slot;

  InstanceCode(UUID instance, RunningCode all) {
    this.instance = instance;
    this.all = all;
  }

  UUID instance() {
    return instance;
  }

  /** A time in which this thread is in the code, or out of it; ended by the same thread. */
  @FunctionalInterface
  public interface Scope extends AutoCloseable {
    @Override
    void close();
  }

  /** This thread runs code of the instance until the scope is closed. */
  public Scope inside() {
    return enter() ? this::leave : () -> {};
  }

  /** This thread waits or does something of ours until the scope is closed. */
  public Scope outside() {
    return leave() ? this::enter : () -> {};
  }

  /** Whether some thread is in the code and not known to wait. */
  public synchronized boolean isRunning() {
    return running;
  }

  private synchronized boolean enter() {
    if (threads.contains(Thread.currentThread())) {
      return false;
    }
    threads.add(Thread.currentThread());
    changes++;
    setRunning(true);
    if (threads.size() == 1) {
      all.entered(this);
    }
    return true;
  }

  private boolean leave() {
    boolean stopped;
    synchronized (this) {
      if (!threads.remove(Thread.currentThread())) {
        return false;
      }
      changes++;
      if (threads.isEmpty()) {
        all.left(this);
      }
      stopped = setRunning(!threads.isEmpty());
    }
    if (stopped) {
      all.tellQuiet(instance);
    }
    return true;
  }

  /** Threads that wait without a bound run nothing; a sleep ends by itself, and counts as code. */
  void look() {
    int before;
    List<Thread> inside;
    synchronized (this) {
      before = changes;
      inside = List.copyOf(threads);
    }
    var wait = inside.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING);
    boolean stopped;
    synchronized (this) {
      stopped = changes == before && setRunning(!wait);
    }
    if (stopped) {
      all.tellQuiet(instance);
    }
  }

  /** Returns whether it has stopped running just now. */
  @GuardedBy("this")
  private boolean setRunning(boolean now) {
    var before = running;
    running = now;
    if (now && !before) {
      slot = all.record(instance);
    } else if (before && !now) {
      all.unrecord(instance, slot);
    }
    return before && !now;
  }
}
