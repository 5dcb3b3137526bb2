package com.joyoi.management.bootstrap;

import com.joyoi.management.blob.BlobRepository;
import com.joyoi.management.concurrent.Timers;
import com.joyoi.management.instance.InstanceRepository;
import com.joyoi.management.settings.Retention;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what is older than the retention says, in small steps with short transactions. Whether
 * something may go is decided under its row's lock, so that several services may do this at once.
 */
final class RetentionTask implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RetentionTask.class);

  /** Looked for at once; each is removed in a transaction of its own. */
  private static final int BATCH = 100;

  private static final Duration LONGEST_PERIOD = Duration.ofHours(1);
  private static final Duration SHORTEST_PERIOD = Duration.ofSeconds(1);

  private final Retention retention;
  private final InstanceRepository instances;
  private final BlobRepository blobs;
  private final Clock clock;
  private final AtomicBoolean closed = new AtomicBoolean();

  RetentionTask(
      Retention retention, InstanceRepository instances, BlobRepository blobs, Clock clock) {
    this.retention = retention;
    this.instances = instances;
    this.blobs = blobs;
    this.clock = clock;
  }

  /** Begins to remove, when there is anything to be removed by age. */
  void start(Timers timers) {
    if (!retention.equals(Retention.OFF)) {
      var task = new BackgroundTask("retention", this::removeOld);
      timers.every(period(retention), "retention", task::start);
    }
  }

  /** Often enough that nothing is kept for much more than one and a half times its age. */
  static Duration period(Retention retention) {
    var period = LONGEST_PERIOD;
    for (var age : new Duration[] {retention.instanceAge(), retention.unusedBlobAge()}) {
      if (age != null && age.dividedBy(2).compareTo(period) < 0) {
        period = age.dividedBy(2);
      }
    }
    return period.compareTo(SHORTEST_PERIOD) < 0 ? SHORTEST_PERIOD : period;
  }

  /** Removes all that is too old now: instances first, since they keep blobs. Blocks. */
  void removeOld() {
    var instanceAge = retention.instanceAge();
    if (instanceAge != null) {
      var before = clock.instant().minus(instanceAge);
      removeAll("ended instances", () -> instances.dropEnded(before, BATCH));
    }
    var blobAge = retention.unusedBlobAge();
    if (blobAge != null) {
      var before = clock.instant().minus(blobAge);
      removeAll("unused blobs", () -> blobs.dropUnused(before, BATCH));
    }
  }

  private void removeAll(String what, IntSupplier step) {
    long removed = 0;
    int last = BATCH;
    while (last == BATCH && !closed.get()) {
      last = step.getAsInt();
      removed += last;
    }
    if (removed > 0) {
      log.info("Removed {} {} by retention", removed, what);
    }
  }

  /** A step that is under way ends by itself. */
  @Override
  public void close() {
    closed.set(true);
  }
}
