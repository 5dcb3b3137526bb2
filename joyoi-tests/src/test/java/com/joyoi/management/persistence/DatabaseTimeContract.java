package com.joyoi.management.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.joyoi.management.blob.BlobStore;
import com.joyoi.management.catalog.Source;
import com.joyoi.management.instance.InstanceRepository.NewInstance;
import com.joyoi.management.instance.ServiceRegistry.Start;
import com.joyoi.management.listing.TimeOrderedIds;
import com.joyoi.management.model.ActorLanguage;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.model.Limitation;
import java.io.ByteArrayInputStream;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A database whose clock is an hour ahead of this process's, or behind it: its sessions have
 * another zone, and what they call the time is taken for UTC.
 */
public abstract class DatabaseTimeContract {
  private static final Duration HALF_AN_HOUR = Duration.ofMinutes(30);

  /** A database that is empty. */
  protected abstract TestDatabase openDatabase() throws SQLException;

  private static DatabaseSettings shifted(DatabaseSettings settings, int hours) {
    var zone = (hours < 0 ? "-" : "+") + "0" + Math.abs(hours) + ":00";
    var url =
        settings.isH2()
            ? settings.url() + ";TIME ZONE=GMT" + zone
            : settings.url() + "?connectionTimeZone=" + zone.replace("+", "%2B");
    return DatabaseSettings.of(url, settings.user(), settings.password());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, -1})
  void times_stored_areTheDatabases(int hours) throws SQLException {
    try (var testDatabase = openDatabase();
        var persistence = Persistence.open(shifted(testDatabase.settings(), hours))) {
      var now = Instant.now().plus(Duration.ofHours(hours));
      var minute = within(1, ChronoUnit.MINUTES);
      var registry = persistence.serviceRegistry();
      var claim = new Start("here", "session", HALF_AN_HOUR, null, List.of());
      registry.claim(claim, process -> false);
      registry.heartbeat("here", "session", 0);
      var instances = persistence.instances();
      var id = new TimeOrderedIds(persistence.clock()).next();
      var execution =
          instances.create(new NewInstance(id, new InstanceRequest("M", List.of()), null, "here"));
      instances.finish(execution.key(), InstanceStatus.SUCCEEDED, null);
      persistence.actors().create("A", new Source(ActorLanguage.BASH, "A"), Limitation.NONE);

      assertThat(persistence.clock().instant()).isCloseTo(now, minute);
      assertThat(persistence.ageClock().instant()).isCloseTo(now, minute);
      assertThat(execution.instance().startTime()).isCloseTo(now, minute);
      assertThat(Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16)).isCloseTo(now, minute);
      assertThat(registry.all().getFirst().lastHeard()).isCloseTo(now, minute);
      var actor = persistence.actors().list().getFirst();
      assertThat(actor.createTime()).isCloseTo(now, minute);
      assertThat(Instant.ofEpochMilli(actor.id().getMostSignificantBits() >>> 16))
          .isCloseTo(now, minute);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, -1})
  void whatIsFresh_whateverTheProcesssClockSays_isNotRemoved(int hours) throws SQLException {
    try (var testDatabase = openDatabase();
        var persistence = Persistence.open(shifted(testDatabase.settings(), hours))) {
      var blobs = BlobStore.over(persistence.blobs(), persistence.clock());
      var blob = blobs.put(new ByteArrayInputStream(new byte[] {1}), null, null).id();
      var upload = UUID.randomUUID();
      persistence.blobs().writeChunk(upload, 0, new byte[] {1});
      var instances = persistence.instances();
      var ended =
          instances.create(
              new NewInstance(
                  UUID.randomUUID(), new InstanceRequest("M", List.of()), null, "here"));
      instances.finish(ended.key(), InstanceStatus.SUCCEEDED, null);

      var old = persistence.ageClock().instant().minus(HALF_AN_HOUR);

      assertThat(persistence.blobs().dropUnused(old, 10)).isZero();
      assertThat(persistence.blobs().dropUnpublished(old)).isZero();
      assertThat(instances.dropEnded(old, 10)).isZero();
      assertThat(blobs.missing(List.of(blob))).isEmpty();
      var soon = persistence.ageClock().instant().plusSeconds(60);
      assertThat(instances.dropEnded(soon, 10)).isOne();
      assertThat(persistence.blobs().dropUnused(soon, 10)).isOne();
    }
  }
}
