package com.joyoi.management.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.error.NothingDoneException;
import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A database server that dies, or takes nothing, while instances run. */
@RunsActors
@LeftOut("it kills the database server")
class DatabaseOutageTest {
  @RegisterExtension static final LiveService service = new LiveService("DatabaseOutage");

  private static final int AT_ONCE = 6;

  /** Longer than anything is repeated for that somebody waits for. */
  private static final Duration LONG = Duration.ofSeconds(60);

  /** Far less than that: a request that is refused waits for nothing. */
  private static final Duration AT_MOST = Duration.ofSeconds(5);

  @Test
  void instance_whoseDatabaseDies_goesOnWithoutRepeatingWhatWasRecorded() throws Exception {
    var instance = service.create("FourStages");
    var slow = service.awaitRunning(instance, "Slow");
    var recorded = service.runs(instance, "Upper");

    TestBed.control("kill-db");
    try {
      // Its end can't be recorded now.
      Eventually.await(
          "the actor has ended",
          () -> !Containers.isRunning(slow.usedNode(), slow.usedContainer()));
      assertThat(service.get().isReady()).isFalse();
    } finally {
      TestBed.control("start-db");
    }
    var ended = service.ended(instance);

    assertThat(ended.exception()).isNull();
    assertThat(ended.status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(ended.startedActors()).hasSize(4).startsWith(recorded.toArray(ActorRun[]::new));
    assertThat(service.get().isReady()).isTrue();
  }

  @Test
  void runs_thatEndInALongOutage_areRecordedAndNotRunAgain() throws Exception {
    var lasting = Programs.blob(service.get().blobs(), "in.txt", "15");
    var instances = new ArrayList<Instance>();
    for (int i = 0; i < AT_ONCE; i++) {
      instances.add(service.create(new InstanceRequest("OnlyLasting", List.of(lasting))));
    }
    var runs = new ArrayList<ActorRun>();
    for (var instance : instances) {
      runs.add(service.awaitRunning(instance, "Lasting"));
    }
    var beginning = Instant.now();
    TestBed.control("kill-db");
    try {
      Eventually.await("the outage is known", () -> !service.get().isReady());
      while (Duration.between(beginning, Instant.now()).compareTo(LONG) < 0) {
        assertRefusedAtOnce(instances.getFirst());
        Eventually.await("a second is over", secondAfter(Instant.now()));
      }
    } finally {
      TestBed.control("start-db");
    }

    for (int i = 0; i < AT_ONCE; i++) {
      var ended = service.ended(instances.get(i));
      assertThat(ended.exception()).isNull();
      assertThat(ended.status()).isEqualTo(InstanceStatus.SUCCEEDED);
      assertThat(ended.executionKey()).isEqualTo(instances.get(i).executionKey());
      assertThat(ended.reRunTimes()).isZero();
      assertThat(ended.startedActors())
          .singleElement()
          .satisfies(run -> assertThat(run.outputs()).hasSize(1))
          .extracting(ActorRun::startTime, ActorRun::usedContainer)
          .containsExactly(runs.get(i).startTime(), runs.get(i).usedContainer());
    }
  }

  private static Eventually.Condition secondAfter(Instant time) {
    return () -> Instant.now().isAfter(time.plusSeconds(1));
  }

  private static void assertRefusedAtOnce(Instance instance) {
    var begin = Instant.now();
    assertThatThrownBy(() -> service.get().instances().find(instance.id()))
        .isInstanceOf(NothingDoneException.class);
    assertThatThrownBy(() -> service.create("FourStages")).isInstanceOf(NothingDoneException.class);
    assertThat(service.get().isReady()).isFalse();
    assertThat(Duration.between(begin, Instant.now())).isLessThan(AT_MOST);
  }

  @Test
  void instance_whoseDatabaseBecomesReadOnly_waitsAndGoesOn() throws Exception {
    var instance = service.create("FourStages");
    service.awaitRunning(instance, "Slow");
    TestBed.control("read-only-db", "ON");
    try {
      Eventually.await("the end of the run is over due", secondAfter(Instant.now().plusSeconds(4)));
      assertThatThrownBy(() -> service.create("FourStages"))
          .isInstanceOf(NothingDoneException.class)
          .hasMessageContaining("read-only");
      assertThat(service.now(instance).status()).isEqualTo(InstanceStatus.RUNNING);
      assertThat(service.now(instance).startedActors()).hasSize(3);
    } finally {
      TestBed.control("read-only-db", "OFF");
    }
    var ended = service.ended(instance);

    assertThat(ended.exception()).isNull();
    assertThat(ended.status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(ended.executionKey()).isEqualTo(instance.executionKey());
    assertThat(ended.startedActors()).hasSize(4);
  }
}
