package com.joyoi.management.persistence;

import java.util.concurrent.atomic.AtomicReference;

/**
 * One attempt of a call of the database, as its caller and the thread that makes it see it. The
 * caller may give it up as long as nothing has been asked of the database. Thread-safe.
 */
final class Attempt {
  private enum State {
    WAITING,
    BEGUN,
    GIVEN_UP
  }

  private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
  private final boolean repeated;
  private volatile boolean mayBeDone;

  /**
   * @param repeated whether the call was tried before, and may even have taken place
   */
  Attempt(boolean repeated) {
    this.repeated = repeated;
  }

  boolean isRepeated() {
    return repeated;
  }

  /** Before the first statement, each time; false when it was given up, and nothing may be done. */
  boolean begin() {
    return state.compareAndSet(State.WAITING, State.BEGUN) || state.get() == State.BEGUN;
  }

  /** False when it has begun. */
  boolean giveUp() {
    return state.compareAndSet(State.WAITING, State.GIVEN_UP);
  }

  boolean isGivenUp() {
    return state.get() == State.GIVEN_UP;
  }

  /** It is about to be committed: from now on a failure does not say that nothing was done. */
  void commits() {
    mayBeDone = true;
  }

  boolean mayBeDone() {
    return mayBeDone || repeated;
  }
}
