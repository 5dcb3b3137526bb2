package com.joyoi.management.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.joyoi.management.instance.InstanceRepository.RecordedRun;
import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.usercode.RunActorParam;
import com.joyoi.management.usercode.StartedActors;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The ended actor runs of one execution. After a recovery the program asks again for runs of the
 * stage that it was in; those that had ended are answered from here, each once, so that nothing
 * that ended is run again. Thread-safe.
 */
final class RunHistory {
  private final Object lock = new Object();

  /** By the order in which they were asked for. */
  @GuardedBy("lock")
  private final TreeMap<Integer, ActorRun> runs = new TreeMap<>();

  /** Recorded runs of the recovered stage entry that were not asked for yet, by their place. */
  @GuardedBy("lock")
  private final TreeMap<Integer, RecordedRun> unclaimed = new TreeMap<>();

  @GuardedBy("lock")
  private int next;

  RunHistory(List<RecordedRun> recorded, int stageEntry) {
    for (var run : recorded) {
      runs.put(next, run.run());
      if (run.stageEntry() == stageEntry) {
        unclaimed.put(next, run);
      }
      next++;
    }
  }

  /**
   * A recorded run that has the result of this one; it is not given out again.
   *
   * @param digests of what it depends on, one for each image that it may run in; asked for only
   *     when there is a run of that actor, and may block
   */
  Optional<ActorRun> claim(RunActorParam param, Supplier<Set<String>> digests) {
    var known = isDigestNeeded(param) ? digests.get() : Set.<String>of();
    synchronized (lock) {
      for (var entry : unclaimed.entrySet()) {
        var recorded = entry.getValue();
        if (isLike(recorded, param)
            && (recorded.digest() == null
                ? sameFiles(recorded.run().inputs(), param.inputs())
                : known.contains(recorded.digest()))) {
          unclaimed.remove(entry.getKey());
          return Optional.of(recorded.run());
        }
      }
      return Optional.empty();
    }
  }

  private boolean isDigestNeeded(RunActorParam param) {
    synchronized (lock) {
      return unclaimed.values().stream()
          .anyMatch(recorded -> recorded.digest() != null && isLike(recorded, param));
    }
  }

  private static boolean isLike(RecordedRun recorded, RunActorParam param) {
    return recorded.run().name().equals(param.name())
        && Objects.equals(recorded.run().tag(), param.tag());
  }

  /** The program has left the stage that it was recovered in: its records are history now. */
  void leaveRecoveredStage() {
    synchronized (lock) {
      unclaimed.clear();
    }
  }

  /** A place in the order of runs, for {@link #add}. */
  int reserve() {
    synchronized (lock) {
      return next++;
    }
  }

  void add(int place, ActorRun run) {
    synchronized (lock) {
      runs.put(place, run);
    }
  }

  StartedActors started() {
    synchronized (lock) {
      return new StartedActors(new ArrayList<>(runs.values()));
    }
  }

  /** Runs of an earlier version have no digest. */
  private static boolean sameFiles(List<BlobReference> left, List<BlobReference> right) {
    if (left.size() != right.size()) {
      return false;
    }
    for (int i = 0; i < left.size(); i++) {
      if (!left.get(i).id().equals(right.get(i).id())
          || !left.get(i).name().equals(right.get(i).name())) {
        return false;
      }
    }
    return true;
  }
}
