package com.joyoi.management.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.InstanceStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A database server that dies while instances run. */
@RunsActors
@LeftOut("it kills the database server")
class DatabaseOutageTest {
  @RegisterExtension static final LiveService service = new LiveService("DatabaseOutage");

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
}
