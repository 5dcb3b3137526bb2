package com.joyoi.management.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.instance.InstanceRepository.Execution;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.InstanceStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is old is removed, and nothing that somebody needs. */
@SuppressWarnings("NullAway") // a null is "none" throughout
public abstract class RetentionContract extends PersistenceContract {
  private static final int CLIENTS = 64;
  private static final int ROUNDS = 4;

  /** So few that clients put and refer to the same ones all the time. */
  private static final int CONTENTS = 5;

  private static final String DANGLING =
      "joyoi_blob_reference r WHERE blob_id NOT IN (SELECT id FROM joyoi_blob)";

  @Test
  void reference_whileEverythingUnusedGoesAtOnce_neverDangles() throws Exception {
    var turn = new AtomicInteger();
    var stored = new AtomicInteger();

    whileRemoving(
        // More eager than any retention: what was put just now is old already.
        () -> persistence.blobs().dropUnused(clock.instant().plusSeconds(1), 100),
        () ->
            onThreads(
                CLIENTS,
                () -> {
                  for (int round = 0; round < ROUNDS; round++) {
                    var content = "eager " + turn.incrementAndGet() % CONTENTS;
                    referAndForget(content, stored);
                  }
                  return true;
                }));

    assertThat(count(DANGLING)).isZero();
    assertThat(count("joyoi_blob_chunk WHERE blob_id NOT IN (SELECT id FROM joyoi_blob)")).isZero();
  }

  /** What an instance was stored with is there, whole, as long as the instance. */
  private void referAndForget(String content, AtomicInteger stored) throws Exception {
    Execution execution;
    BlobReference blob;
    try {
      blob = blob(content);
      execution = create(blob);
    } catch (JoyoiException e) {
      // Removed between the two calls: refused by name, as any blob that is not there.
      assertThat(e.kind()).isIn(JoyoiException.Kind.INVALID, JoyoiException.Kind.BUSY);
      return;
    }
    stored.incrementAndGet();
    try (var read = blobs.open(blob.id())) {
      assertThat(new String(read.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(content);
    }
    instances.delete(execution.key().instanceId());
  }

  @Test
  void blob_putAgain_staysUntilItIsReferredTo() throws Exception {
    for (int i = 0; i < CONTENTS; i++) {
      put("aged " + i);
    }
    clock.move(Duration.ofHours(1));
    var turn = new AtomicInteger();

    whileRemoving(
        () -> persistence.blobs().dropUnused(clock.instant(), 100),
        () ->
            onThreads(
                CLIENTS,
                () -> {
                  for (int round = 0; round < ROUNDS; round++) {
                    create(blob("aged " + turn.incrementAndGet() % CONTENTS));
                  }
                  return true;
                }));

    assertThat(count(DANGLING)).isZero();
  }

  /** Removes from two threads, as two services do, until the work is done. */
  private static void whileRemoving(Runnable removal, Work work) throws Exception {
    var done = new AtomicBoolean();
    Runnable loop =
        () -> {
          while (!done.get()) {
            removal.run();
          }
        };
    try (var removers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = List.of(removers.submit(loop), removers.submit(loop));
      try {
        work.run();
      } finally {
        done.set(true);
      }
      for (var remover : running) {
        remover.get();
      }
    }
  }

  private interface Work {
    void run() throws Exception;
  }

  @Test
  void instance_endedLongAgo_isDroppedWithAllThatItHas() throws Exception {
    var blob = blob("of an old instance");
    var old = create(blob);
    run(old, 0, "A");
    instances.finish(old.key(), InstanceStatus.SUCCEEDED, null);
    var running = create();
    clock.move(Duration.ofHours(1));
    var before = clock.instant();
    var fresh = create();
    instances.finish(fresh.key(), InstanceStatus.FAILED, "failed");

    assertThat(instances.dropEnded(before, 100)).isEqualTo(1);

    var id = old.key().instanceId();
    assertThat(instances.find(id)).isEmpty();
    assertThat(instances.find(running.key().instanceId())).isPresent();
    assertThat(instances.find(fresh.key().instanceId())).isPresent();
    for (var table : List.of("joyoi_run", "joyoi_event", "joyoi_stage_entry")) {
      assertThat(count(table + " WHERE instance_id = '" + id + "'")).isZero();
    }
    // Only now does its blob count as unused.
    persistence.blobs().dropUnused(before, 1000);
    assertThat(blobs.missing(List.of(blob.id()))).isEmpty();
    clock.move(Duration.ofSeconds(1));
    persistence.blobs().dropUnused(clock.instant(), 1000);
    assertThat(blobs.missing(List.of(blob.id()))).containsExactly(blob.id());
  }

  @Test
  void instance_restartedAfterItEnded_isNotDropped() {
    var execution = create();
    var id = execution.key().instanceId();
    instances.finish(execution.key(), InstanceStatus.SUCCEEDED, null);
    clock.move(Duration.ofHours(1));
    instances.restart(id, "Start", null, null, SERVICE);

    instances.dropEnded(clock.instant(), 100);

    assertThat(instances.find(id)).isPresent();
  }

  @Test
  void instances_moreThanTheLimit_goOldestFirst() {
    instances.dropEnded(clock.instant().plusSeconds(1), 1000);
    var first = ended();
    clock.move(Duration.ofSeconds(1));
    var second = ended();
    clock.move(Duration.ofSeconds(1));

    assertThat(instances.dropEnded(clock.instant(), 1)).isEqualTo(1);
    assertThat(instances.find(first.key().instanceId())).isEmpty();
    assertThat(instances.find(second.key().instanceId())).isPresent();
    assertThat(instances.dropEnded(clock.instant(), 1)).isEqualTo(1);
    assertThat(instances.dropEnded(clock.instant(), 1)).isZero();
  }

  private Execution ended() {
    var execution = create();
    instances.finish(execution.key(), InstanceStatus.SUCCEEDED, null);
    return execution;
  }
}
