package com.joyoi.management.node;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a node's health. Not thread-safe: guarded by the pool's lock.
 *
 * <p>Faults are counted besides the failures in a row, so that an answer to a ping that was sent
 * before the last fault proves nothing, and one outage that a ping and eight jobs notice together
 * is one failure.
 */
final class NodeHealth {
  /** One lost packet, or the restart of an engine, is no reason to wake somebody. */
  static final int FAILURES_TO_NOTIFY = 3;

  /** More often tells nothing new. */
  static final Duration NOTIFY_AT_MOST_EVERY = Duration.ofHours(1);

  private long faults;
  private int failures;
  private @Nullable Instant lastSeen;
  private @Nullable Instant lastAnswer;
  private @Nullable String lastError;
  private @Nullable String engineVersion;
  private @Nullable Instant lastNotified;
  private String whyDown = "";

  /** Whether it has answered, and not failed since. */
  boolean isUp() {
    return lastSeen != null && failures == 0;
  }

  /** To be handed in again with what comes of a ping that begins now. */
  long faults() {
    return faults;
  }

  int failures() {
    return failures;
  }

  @Nullable Instant lastSeen() {
    return lastSeen;
  }

  /** When a ping was answered last, whatever that proves. */
  @Nullable Instant lastAnswer() {
    return lastAnswer;
  }

  @Nullable String lastError() {
    return lastError;
  }

  @Nullable String engineVersion() {
    return engineVersion;
  }

  /** What stands between the node and the last error while it is not up. */
  String whyDown() {
    return whyDown;
  }

  /** The answer counts when nothing failed since the ping began. */
  void answered(long faultsBefore, String version, Instant now) {
    engineVersion = version;
    lastAnswer = now;
    if (faults == faultsBefore) {
      lastSeen = now;
      failures = 0;
    }
  }

  /** A ping failed; counts unless the same outage was noticed by others while it was under way. */
  void pingFailed(long faultsBefore, String error) {
    lastError = error;
    whyDown = " does not answer: ";
    countFailure(faultsBefore);
  }

  /** It answers, and lacks what runs need; counts as a ping that failed. */
  void isUnfit(long faultsBefore, String version, String error, Instant now) {
    engineVersion = version;
    lastAnswer = now;
    lastError = error;
    whyDown = " can't run anything: ";
    countFailure(faultsBefore);
  }

  private void countFailure(long faultsBefore) {
    if (faults == faultsBefore) {
      faults++;
      failures++;
    }
  }

  /** A job failed; counts unless the node is known to be down. */
  void jobFailed(String error) {
    lastError = error;
    whyDown = " has failed a run: ";
    faults++;
    if (failures == 0) {
      failures++;
    }
  }

  /**
   * Whether somebody must be told now; then that is noted.
   *
   * @param inARow failures of whatever kind
   */
  boolean notifies(int inARow, Instant now) {
    if (inARow < FAILURES_TO_NOTIFY
        || (lastNotified != null && now.isBefore(lastNotified.plus(NOTIFY_AT_MOST_EVERY)))) {
      return false;
    }
    lastNotified = now;
    return true;
  }
}
