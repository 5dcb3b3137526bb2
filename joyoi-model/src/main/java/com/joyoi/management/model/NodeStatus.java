package com.joyoi.management.model;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Docker node as the pool sees it.
 *
 * @param runningJobs actor runs on it now
 * @param runningJobDescriptions one line for each of those
 * @param errorFlags whether it gets no work: it has not answered since it failed, or rests
 * @param failures those in a row, of pings or of runs; 0 is healthy
 * @param lastSeen when it last answered, null when it never did
 * @param lastError what failed last, null when nothing did
 * @param engineVersion of its Docker Engine, null before it first answered
 * @param engineId what its Docker Engine calls itself, null before it said so; nodes of several
 *     services with the same one are one node
 * @param slots how many runs this service may have on it now: its part of {@code maxRunningJobs}
 * @param restsUntil when it gets a run on trial, null when it does not rest after failed runs
 * @param source where it is named
 * @param leaving whether it goes as soon as what runs on it has ended; another one may have its
 *     name
 */
public record NodeStatus(
    String name,
    NodeInfo nodeInfo,
    int runningJobs,
    List<String> runningJobDescriptions,
    boolean errorFlags,
    int failures,
    int maxRunningJobs,
    boolean cordoned,
    @Nullable Instant lastSeen,
    @Nullable String lastError,
    @Nullable String engineVersion,
    @Nullable String engineId,
    int slots,
    @Nullable Instant restsUntil,
    NodeSource source,
    boolean leaving) {

  public NodeStatus {
    runningJobDescriptions = List.copyOf(runningJobDescriptions);
  }

  /** The part of a node's configuration that may be shown. */
  public record NodeInfo(String image, String address) {}
}
