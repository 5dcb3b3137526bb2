package com.joyoi.management.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of instances when the service's process ends, in whatever way. */
@ExtendWith(LeavesNothing.class)
@LeftOut("it needs services that it may kill")
class CrashTest {
  @TempDir Path folder;
  @RegisterExtension final ServiceProcesses processes = new ServiceProcesses();
  private final String name = "Crash-" + UUID.randomUUID();

  @Test
  void instance_whoseServiceIsKilled_goesOnWithoutRepeatingWhatEnded() throws Exception {
    var setup = ServiceSetup.of(folder, name);
    var first = processes.start(setup);
    first.loadPrograms();
    var id = first.create("FourStages");
    var slow = awaitSlow(first, id);
    first.kill();

    var second = processes.start(setup);
    var ended = second.ended(id);

    assertThat(ended.path("status").asText()).isEqualTo("Succeeded");
    assertThat(containers(ended)).hasSize(4).startsWith(slow.get(0), slow.get(1));
    assertThat(containers(ended).get(2)).isNotEqualTo(slow.get(2));
    Eventually.await(
        "the dead session's container is gone", () -> Containers.ofService(name).isEmpty());
    assertThat(second.terminate()).isZero();
  }

  @Test
  void actor_thatRunsWhenTheServiceIsTerminated_mayEnd() throws Exception {
    var setup = ServiceSetup.of(folder, name);
    var first = processes.start(setup);
    first.loadPrograms();
    var id = first.create("FourStages");
    var before = awaitSlow(first, id);

    assertThat(first.terminate()).isZero();
    assertThat(Containers.ofService(name)).isEmpty();

    var second = processes.start(setup);
    var ended = second.ended(id);

    assertThat(ended.path("status").asText()).isEqualTo("Succeeded");
    assertThat(ended.path("reRunTimes").asInt(-1)).isZero();
    assertThat(containers(ended)).hasSize(4).startsWith(before.toArray(String[]::new));
    assertThat(second.terminate()).isZero();
  }

  /** The containers of the runs until the third one, which is under way. */
  private static List<String> awaitSlow(ServiceProcess service, String id)
      throws InterruptedException {
    Eventually.await(
        "the third run is under way",
        () -> {
          var runs = service.instance(id).path("startedActors");
          return Containers.isRunning(
              runs.path(2).path("usedNode").textValue(),
              runs.path(2).path("usedContainer").textValue());
        });
    return containers(service.instance(id));
  }

  private static List<String> containers(JsonNode instance) {
    return StreamSupport.stream(instance.path("startedActors").spliterator(), false)
        .map(run -> run.path("usedContainer").asText())
        .toList();
  }
}
