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
import java.util.TreeMap;

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
  private final TreeMap<Integer, ActorRun> unclaimed = new TreeMap<>();

  @GuardedBy("lock")
  private int next;

  RunHistory(List<RecordedRun> recorded, int stageEntry) {
    for (var run : recorded) {
      runs.put(next, run.run());
      if (run.stageEntry() == stageEntry) {
        unclaimed.put(next, run.run());
      }
      next++;
    }
  }

  /** A recorded run of the same actor, inputs and tag; it is not given out again. */
  Optional<ActorRun> claim(RunActorParam param) {
    synchronized (lock) {
      for (var entry : unclaimed.entrySet()) {
        var run = entry.getValue();
        if (run.name().equals(param.name())
            && Objects.equals(run.tag(), param.tag())
            && sameFiles(run.inputs(), param.inputs())) {
          unclaimed.remove(entry.getKey());
          return Optional.of(run);
        }
      }
      return Optional.empty();
    }
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
