package com.joyoi.management.node;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.joyoi.management.concurrent.Timers;
import com.joyoi.management.docker.EngineInfo;
import com.joyoi.management.error.JoyoiException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Pings one node, one ping at a time. A timer begins each; it runs on a thread of its own, since it
 * blocks. A ping that never comes back is counted as failed by the timer, again and again, and
 * keeps no more than its one thread. Thread-safe.
 */
final class NodePinger implements AutoCloseable {
  static final Duration PERIOD = Duration.ofSeconds(5);
  static final Duration DEADLINE = Duration.ofSeconds(30);

  /** Long enough for an engine that dropped one connection, much shorter than the period. */
  static final Duration RECHECK = Duration.ofSeconds(1);

  /**
   * An engine that was installed anew under the same address within a few seconds, so that no ping
   * failed, is noticed after so many.
   */
  private static final int PINGS_BETWEEN_IDS = 12;

  /** Takes what comes of pings; called outside of locks. */
  interface Report {
    /** To be handed in with what comes of a ping that begins now. */
    long faults();

    /** Who it is, told before it counts as answered. */
    void engine(String id);

    void answered(long faultsBefore, EngineInfo info);

    /** It answered, and lacks what it needs for runs. */
    void unfit(long faultsBefore, EngineInfo info, String what);

    void failed(long faultsBefore, String what, boolean timedOut);
  }

  private final NodeConnection node;
  private final Timers timers;
  private final Clock clock;
  private final Executor threads;
  private final Report report;

  @GuardedBy("this")
  private boolean underWay;

  /** Timer's runs since the ping began, or was last counted as failed. */
  @GuardedBy("this")
  private int periodsUnderWay;

  /** Pings until the engine is asked who it is. */
  @GuardedBy("this")
  private int pingsToId;

  @GuardedBy("this")
  private boolean recheckPlanned;

  @GuardedBy("this")
  private boolean closed;

  @GuardedBy("this")
  private Timers.@Nullable Task task;

  NodePinger(NodeConnection node, Timers timers, Clock clock, Executor threads, Report report) {
    this.node = node;
    this.timers = timers;
    this.clock = clock;
    this.threads = threads;
    this.report = report;
  }

  void start() {
    begin();
    synchronized (this) {
      task = timers.every(PERIOD, "ping node " + node.name(), this::tick);
    }
  }

  /** Pings soon, out of turn; once, however many jobs have seen the same outage. */
  void recheck() {
    synchronized (this) {
      if (closed || recheckPlanned) {
        return;
      }
      recheckPlanned = true;
      pingsToId = 0;
      timers.after(RECHECK, "ping node " + node.name() + " again", this::recheckNow);
    }
  }

  private void recheckNow() {
    synchronized (this) {
      recheckPlanned = false;
    }
    begin();
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (task != null) {
      task.cancel();
    }
  }

  private void tick() {
    var stuck = false;
    synchronized (this) {
      if (underWay && PERIOD.multipliedBy(++periodsUnderWay).compareTo(DEADLINE) >= 0) {
        periodsUnderWay = 0;
        stuck = true;
      }
    }
    if (stuck) {
      report.failed(report.faults(), noAnswer(), true);
    } else {
      begin();
    }
  }

  /** Begins a ping unless one is under way. */
  private void begin() {
    synchronized (this) {
      if (closed || underWay) {
        return;
      }
      underWay = true;
      periodsUnderWay = 0;
    }
    var faultsBefore = report.faults();
    try {
      threads.execute(() -> ping(faultsBefore));
    } catch (RuntimeException | Error e) {
      ended();
      throw e;
    }
  }

  private void ping(long faultsBefore) {
    var began = clock.instant();
    EngineInfo info;
    boolean hasImage;
    @Nullable String id;
    try {
      info = node.engine().ping(DEADLINE);
      hasImage = node.engine().hasImage(image());
      id = isIdDue() ? node.engine().id() : null;
    } catch (RuntimeException | Error e) {
      askForId();
      ended();
      var timedOut = isOverdue(began);
      report.failed(faultsBefore, timedOut ? noAnswer() : "ping: " + reason(e), timedOut);
      return;
    }
    // Before the report: it runs the code of those who waited for the node, which may take long.
    ended();
    if (id != null) {
      report.engine(id);
    }
    if (hasImage) {
      report.answered(faultsBefore, info);
    } else {
      report.unfit(faultsBefore, info, "the image '" + image() + "' is not there");
    }
  }

  private synchronized boolean isIdDue() {
    if (pingsToId > 0) {
      pingsToId--;
      return false;
    }
    pingsToId = PINGS_BETWEEN_IDS;
    return true;
  }

  /** With the next ping: it may be another one by then. */
  private synchronized void askForId() {
    pingsToId = 0;
  }

  private String image() {
    return node.options().image();
  }

  private boolean isOverdue(Instant began) {
    return !clock.instant().isBefore(began.plus(DEADLINE));
  }

  private synchronized void ended() {
    underWay = false;
  }

  /** Exceptions of ours explain themselves; of others the type says more than the message. */
  private static @Nullable String reason(Throwable e) {
    return e instanceof JoyoiException ? e.getMessage() : e.toString();
  }

  private static String noAnswer() {
    return "ping: no answer within " + DEADLINE.toSeconds() + " s";
  }
}
