package com.joyoi.management.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.blob.BlobStore;
import com.joyoi.management.concurrent.ManualTimers;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.instance.InstanceRepository.NewInstance;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.persistence.DatabaseSettings;
import com.joyoi.management.persistence.Persistence;
import com.joyoi.management.settings.Retention;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway") // a null is "keep all"
class RetentionTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final ManualTimers timers = new ManualTimers();
  private final Persistence database =
      Persistence.open(DatabaseSettings.inMemory(), timers.clock());
  private final BlobStore blobs = BlobStore.over(database.blobs(), timers.clock());

  @AfterEach
  void close() {
    database.close();
  }

  private RetentionTask task(Retention retention) {
    return new RetentionTask(retention, database.instances(), database.blobs(), timers.clock());
  }

  private BlobReference blob(String content) {
    var bytes = content.getBytes(StandardCharsets.UTF_8);
    return new BlobReference(blobs.put(new ByteArrayInputStream(bytes), null, null).id(), "file");
  }

  private UUID ended(BlobReference... initial) {
    var execution =
        database
            .instances()
            .create(
                new NewInstance(
                    UUID.randomUUID(), new InstanceRequest("M", List.of(initial)), null, "here"));
    database.instances().finish(execution.key(), InstanceStatus.SUCCEEDED, null);
    return execution.key().instanceId();
  }

  @Test
  void retention_ofBoth_removesInstancesAndLaterTheirBlobs() {
    var used = blob("used");
    var unused = blob("unused");
    var instance = ended(used);
    var task = task(new Retention(HOUR, HOUR));

    task.removeOld();
    assertThat(blobs.list()).hasSize(2);
    timers.clock().advance(HOUR.plusSeconds(1));
    task.removeOld();

    assertThat(database.instances().find(instance)).isEmpty();
    assertThat(blobs.missing(List.of(used.id(), unused.id()))).containsExactly(unused.id());
    timers.clock().advance(HOUR.plusSeconds(1));
    task.removeOld();
    assertThat(blobs.list()).isEmpty();
  }

  @Test
  void retention_ofOne_leavesTheOther() {
    blob("unused");
    var instance = ended();
    timers.clock().advance(HOUR.plusSeconds(1));

    task(new Retention(null, HOUR)).removeOld();
    assertThat(database.instances().find(instance)).isPresent();
    assertThat(blobs.list()).isEmpty();

    blob("unused");
    timers.clock().advance(HOUR.plusSeconds(1));
    task(new Retention(HOUR, null)).removeOld();
    assertThat(database.instances().find(instance)).isEmpty();
    assertThat(blobs.list()).hasSize(1);
  }

  @Test
  void retention_ofMoreThanABatch_removesAll() {
    for (int i = 0; i < 201; i++) {
      blob("content " + i);
    }
    timers.clock().advance(HOUR.plusSeconds(1));

    task(new Retention(null, HOUR)).removeOld();

    assertThat(blobs.list()).isEmpty();
  }

  @Test
  void retention_closed_removesNothingMore() {
    blob("unused");
    timers.clock().advance(HOUR.plusSeconds(1));
    var task = task(new Retention(null, HOUR));

    task.close();
    task.removeOld();

    assertThat(blobs.list()).hasSize(1);
  }

  @Test
  void retention_off_startsNothing() {
    task(Retention.OFF).start(timers);
    assertThat(timers.pending()).isEmpty();

    task(new Retention(HOUR, null)).start(timers);
    assertThat(timers.pending()).containsExactly("retention");
  }

  @Test
  void period_isHalfTheSmallestAgeWithinItsBounds() {
    assertThat(RetentionTask.period(new Retention(HOUR, Duration.ofMinutes(10))))
        .isEqualTo(Duration.ofMinutes(5));
    assertThat(RetentionTask.period(new Retention(Duration.ofDays(30), null))).isEqualTo(HOUR);
    assertThat(RetentionTask.period(new Retention(null, Duration.ofSeconds(1))))
        .isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void age_tooSmall_isRefusedByName() {
    assertThatThrownBy(() -> new Retention(Duration.ZERO, null))
        .isInstanceOf(JoyoiException.class)
        .hasMessageContaining("retention.instanceAge is PT0S");
    assertThatThrownBy(() -> new Retention(null, Duration.ofMillis(999)))
        .isInstanceOf(JoyoiException.class)
        .hasMessageContaining("retention.unusedBlobAge");
  }
}
