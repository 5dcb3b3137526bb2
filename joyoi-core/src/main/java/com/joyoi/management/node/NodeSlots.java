package com.joyoi.management.node;

import org.jspecify.annotations.Nullable;

/**
 * How many slots of a node this service may use. Guarded by the pool's lock, but for {@link
 * #generation}.
 */
final class NodeSlots {
  private final boolean isShared;
  private int allowed;
  private @Nullable String engineId;
  private @Nullable String why;
  private volatile long generation;

  NodeSlots(int maxRunningJobs, boolean isShared) {
    this.isShared = isShared;
    allowed = isShared ? 0 : maxRunningJobs;
  }

  int allowed() {
    return allowed;
  }

  @Nullable String engineId() {
    return engineId;
  }

  /** Changes when slots are taken back: a lease of an earlier one is void. */
  long generation() {
    return generation;
  }

  /**
   * The engine has said who it is: another one than before has none of its slots.
   *
   * @return whether that is new
   */
  boolean setEngine(String id) {
    if (id.equals(engineId)) {
      return false;
    }
    if (engineId != null) {
      revoke();
    }
    engineId = id;
    return true;
  }

  void allow(long asOf, int slots, @Nullable String reason) {
    if (isShared && asOf == generation) {
      allowed = slots;
      why = reason;
    }
  }

  void revoke() {
    if (isShared) {
      allowed = 0;
      why = null;
      generation = generation + 1;
    }
  }

  /** Why it has none; null when it has some. */
  @Nullable String whyNone() {
    if (allowed > 0) {
      return null;
    }
    return why == null ? "has none of its slots free for this service" : why;
  }
}
