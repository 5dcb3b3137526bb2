package com.joyoi.management.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.InstanceStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A database server that dies while instances run. */
@ExtendWith(LeavesNothing.class)
class DatabaseOutageTest {
  @RegisterExtension static final LiveService service = new LiveService("DatabaseOutage");

  @Test
  void instance_whoseDatabaseDies_goesOnWithoutRepeatingWhatWasRecorded() throws Exception {
    var instance = service.create("FourStages");
    var slow = service.awaitRunning(instance, "Slow");
    var recorded = service.runs(instance, "Upper");

    TestBed.control("kill-db");
    try {
      // By then it has ended, and its end could not be recorded.
      Eventually.await(
          "the actor's container is gone",
          () -> !Containers.exists(slow.usedNode(), slow.usedContainer()));
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
