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
  private @Nullable String lastError;
  private @Nullable String engineVersion;
  private @Nullable Instant lastNotified;

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

  @Nullable String lastError() {
    return lastError;
  }

  @Nullable String engineVersion() {
    return engineVersion;
  }

  /** Whether the answer counts: nothing failed since the ping began. */
  boolean answered(long faultsBefore, String version, Instant now) {
    engineVersion = version;
    if (faults != faultsBefore) {
      return false;
    }
    lastSeen = now;
    failures = 0;
    return true;
  }

  /** A ping failed; counts unless the same outage was noticed by others while it was under way. */
  void pingFailed(long faultsBefore, String error) {
    lastError = error;
    if (faults == faultsBefore) {
      faults++;
      failures++;
    }
  }

  /** A job failed; counts unless the node is known to be down. */
  void jobFailed(String error) {
    lastError = error;
    faults++;
    if (failures == 0) {
      failures++;
    }
  }

  /** Whether somebody must be told now; then that is noted. */
  boolean notifies(Instant now) {
    if (failures < FAILURES_TO_NOTIFY
        || (lastNotified != null && now.isBefore(lastNotified.plus(NOTIFY_AT_MOST_EVERY)))) {
      return false;
    }
    lastNotified = now;
    return true;
  }
}
