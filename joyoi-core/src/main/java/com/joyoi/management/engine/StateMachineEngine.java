package com.joyoi.management.engine;

import com.joyoi.management.instance.IdempotencyKeys;
import com.joyoi.management.listing.Listing;
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
   * <p>Under a key, the same request makes one instance however often it is sent within 24 hours,
   * to whichever service on the database: the first call that succeeds makes it, and stores the key
   * with it; all others return that instance as it is then, and wait for a call that is under way.
   *
   * @param key null for a new instance each time
   * @throws com.joyoi.management.error.JoyoiException NOT_FOUND for an unknown state machine;
   *     INVALID for a missing blob, a bad file name or limit; FORBIDDEN for what the privilege does
   *     not allow; CONFLICT when the key was used with another body, or its instance was deleted
   *     since; BUSY when as many instances run here as may; UNAVAILABLE while the service stops
   */
  Instance create(InstanceRequest request, Privilege privilege, IdempotencyKeys.@Nullable Key key);

  /** A new instance each time. */
  default Instance create(InstanceRequest request, Privilege privilege) {
    return create(request, privilege, null);
  }

  Optional<Instance> find(UUID id);

  /** Newest first. */
  Listing<Instance> listing(InstanceFilter filter);

  /** Newest first, in memory. */
  default List<Instance> list(InstanceFilter filter) {
    return listing(filter).toList();
  }

  /**
   * Cancels a running instance, and runs it again from a stage, with the definitions as they are
   * now.
   *
   * @param stage null for the start, with nothing kept
   * @param parameters null to keep the old ones
   * @throws com.joyoi.management.error.JoyoiException NOT_FOUND when there is no such instance, or
   *     no state machine of its name any more; INVALID, FORBIDDEN, BUSY, UNAVAILABLE
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

  /**
   * Tells a listener what happened to an instance and what happens from now on, whichever service
   * runs it: in order, from the first kept event with a greater number than {@code after}, until
   * the instance has ended or is gone (an unknown one is gone). One that was restarted after it had
   * ended is followed on. Never blocks; costs no platform thread.
   *
   * @param after 0 for all events; a number that is still to come counts as the last one
   */
  EventSubscription follow(UUID id, long after, InstanceEventListener listener);

  /** How many instances this service runs now. */
  int runningInstances();

  /** What a caller may ask of an instance. */
  enum Privilege {
    /** Limits may only be tightened; no network, no debugging. */
    SUBMIT,
    /** Everything. */
    ADMIN
  }
}
