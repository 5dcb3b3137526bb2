package com.joyoi.management.model;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A state machine instance as the service reports it.
 *
 * @param name of its state machine
 * @param limitation what holds for it: its own over the definition's over the configured limits
 * @param parameters free text of the caller; values may be null
 * @param priority lower is served first
 * @param fromManagementService name of the service that runs it
 * @param reRunTimes how often it was taken up again since it last made progress
 * @param exception why it failed; while it runs, what it waits for where it can't go on; else null
 * @param executionKey changes with every new execution; writes under an old one change nothing
 * @param endTime null while it runs
 */
public record Instance(
    UUID id,
    String name,
    InstanceStatus status,
    String stage,
    List<ActorRun> startedActors,
    List<BlobReference> initialBlobs,
    Limitation limitation,
    Map<String, @Nullable String> parameters,
    int priority,
    String fromManagementService,
    int reRunTimes,
    @Nullable String exception,
    String executionKey,
    Instant startTime,
    @Nullable Instant endTime) {
  /** The stage of an instance that has succeeded. */
  public static final String FINISHED_STAGE = "Finished";

  public Instance {
    startedActors = List.copyOf(startedActors);
    initialBlobs = List.copyOf(initialBlobs);
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  /** The same with other limits. */
  public Instance withLimitation(Limitation newLimitation) {
    return new Instance(
        id,
        name,
        status,
        stage,
        startedActors,
        initialBlobs,
        newLimitation,
        parameters,
        priority,
        fromManagementService,
        reRunTimes,
        exception,
        executionKey,
        startTime,
        endTime);
  }

  /** The same, ended well. */
  public Instance succeeded(Instant time) {
    return new Instance(
        id,
        name,
        InstanceStatus.SUCCEEDED,
        FINISHED_STAGE,
        startedActors,
        initialBlobs,
        limitation,
        parameters,
        priority,
        fromManagementService,
        reRunTimes,
        null,
        executionKey,
        startTime,
        time);
  }
}
