package com.joyoi.management.node;

import java.time.Duration;

/**
 * Keeps work from a node that answers pings and fails its runs, as one with a full disk does. After
 * a fault it rests, each time for longer; then it is on trial, with one run at a time, until one
 * goes well. Not thread-safe: guarded by the pool's lock.
 *
 * <p>Outages are numbered, and a run knows the one that it began after: what eight of them notice
 * together counts once, and only one that began after a fault proves that the node works again.
 */
final class CircuitBreaker {
  static final Duration FIRST_REST = Duration.ofSeconds(1);

  /** One failed run a minute harms nobody, and a node that has been mended is soon used. */
  static final Duration LONGEST_REST = Duration.ofMinutes(1);

  /** A run that has lasted for so long has its container, its files and a program that runs. */
  static final Duration LONG_TRIAL = Duration.ofSeconds(10);

  /** Past this a fault has nothing to do with those before. */
  private static final Duration CALM = Duration.ofMinutes(1);

  private enum State {
    CLOSED,
    OPEN,
    HALF_OPEN
  }

  private State state = State.CLOSED;
  private long outage;

  /** In a row, but for trials that went well and were followed by a fault at once. */
  private int faults;

  private long closedAt;

  /** To be handed in again with what comes of a run that begins now. */
  long outage() {
    return outage;
  }

  boolean isClosed() {
    return state == State.CLOSED;
  }

  /** Whether the node rests. */
  boolean isOpen() {
    return state == State.OPEN;
  }

  /** Faults in a row; 0 for a node that works. */
  int faults() {
    return state == State.CLOSED ? 0 : faults;
  }

  /**
   * A run failed for the node's fault.
   *
   * @param began after which outage
   * @param now by {@link System#nanoTime}
   * @return whether the node rests from now on, for as long as {@link #rest} says
   */
  boolean failed(long began, long now) {
    if (began != outage) {
      return false;
    }
    if (state == State.CLOSED && now - closedAt > CALM.toNanos()) {
      faults = 0;
    }
    outage++;
    faults++;
    state = State.OPEN;
    return true;
  }

  Duration rest() {
    var doubled = FIRST_REST.multipliedBy(1L << Math.min(faults - 1, 30));
    return doubled.compareTo(LONGEST_REST) < 0 ? doubled : LONGEST_REST;
  }

  /** The rest after an outage is over. */
  void restOver(long after) {
    if (state == State.OPEN && after == outage) {
      state = State.HALF_OPEN;
    }
  }

  /**
   * A run went well.
   *
   * @param began after which outage
   * @param now by {@link System#nanoTime}
   * @return whether the node was on trial, and works again
   */
  boolean passed(long began, long now) {
    if (state != State.HALF_OPEN || began != outage) {
      return false;
    }
    state = State.CLOSED;
    closedAt = now;
    return true;
  }

  /** Somebody who knows says that the node works. */
  void reset() {
    state = State.CLOSED;
    faults = 0;
  }
}
