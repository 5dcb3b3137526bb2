package com.joyoi.management.engine;

import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceFilter;
import com.joyoi.management.model.InstanceRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Runs state machine instances. Thread-safe. Calls that return no future block for a few database
 * statements: call them on a virtual thread.
 */
public interface StateMachineEngine {
  /**
   * Stores an instance and starts it. When this returns, the instance ends, whatever dies.
   *
   * @throws com.joyoi.management.error.JoyoiException NOT_FOUND for an unknown state machine;
   *     INVALID for a missing blob, a bad file name or limit; FORBIDDEN for what the privilege does
   *     not allow; UNAVAILABLE while the service stops
   */
  Instance create(InstanceRequest request, Privilege privilege);

  Optional<Instance> find(UUID id);

  /** Newest first. */
  List<Instance> list(InstanceFilter filter);

  /**
   * Cancels a running instance, and runs it again from a stage, with the definitions as they are
   * now.
   *
   * @param stage null for the start, with nothing kept
   * @param parameters null to keep the old ones
   * @throws com.joyoi.management.error.JoyoiException NOT_FOUND, INVALID, FORBIDDEN
   */
  void restart(
      UUID id,
      @Nullable String stage,
      @Nullable Map<String, @Nullable String> parameters,
      Privilege privilege);

  /** Stops an instance's run and removes it; false when there is none. */
  boolean delete(UUID id);

  /**
   * Completed, by a virtual thread of the engine, with the instance when it has ended; fails with a
   * {@link com.joyoi.management.error.JoyoiException} NOT_FOUND when there is none or it is
   * deleted. Cancelling the future only forgets the wish. Works for instances of other services
   * too.
   */
  CompletableFuture<Instance> ended(UUID id);

  /** What a caller may ask of an instance. */
  enum Privilege {
    /** Limits may only be tightened; no network, no debugging. */
    SUBMIT,
    /** Everything. */
    ADMIN
  }
}
