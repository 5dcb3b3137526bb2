package com.joyoi.management.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.bootstrap.ManagementService;
import com.joyoi.management.engine.StateMachineEngine.Privilege;
import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two installations, each with a database of its own, on the same nodes. */
@RunsActors
@LeftOut("its services are called Default, as live ones are")
class TwoInstallationsTest {
  @TempDir Path firstFolder;
  @TempDir Path secondFolder;

  @Test
  void installations_bothCalledDefault_leaveEachOtherAlone() throws Exception {
    try (var second = start(secondFolder)) {
      var ofSecond = create(second, "OnlyForever");
      var kept = awaitRun(second, ofSecond, 0);
      UUID ofFirst;
      try (var first = start(firstFolder)) {
        ofFirst = create(first, "FourStages");
        awaitRun(first, ofFirst, 2);
        assertThat(installations()).hasSize(2);
      }
      assertThat(installations()).hasSize(1);
      assertThat(Containers.isRunning(kept.usedNode(), kept.usedContainer())).isTrue();

      // Its start sweeps the nodes for what its earlier sessions left.
      try (var firstAgain = start(firstFolder)) {
        var ended = firstAgain.instances().ended(ofFirst).orTimeout(5, TimeUnit.MINUTES).join();
        assertThat(ended.status()).isEqualTo(InstanceStatus.SUCCEEDED);
        assertThat(Containers.isRunning(kept.usedNode(), kept.usedContainer())).isTrue();

        var next = create(firstAgain, "FourStages");
        var slow = awaitRun(firstAgain, next, 2);
        assertThat(second.instances().delete(ofSecond)).isTrue();
        Eventually.await(
            "the second one's container is gone",
            () -> !Containers.exists(kept.usedNode(), kept.usedContainer()));
        assertThat(firstAgain.instances().ended(next).orTimeout(5, TimeUnit.MINUTES).join())
            .extracting(instance -> instance.startedActors().get(2).usedContainer())
            .isEqualTo(slow.usedContainer());
      }
    }
  }

  /** Those that have containers. */
  private static Set<String> installations() {
    return Containers.ofService("Default").stream()
        .map(container -> container.labels().getOrDefault("com.joyoi.installation", ""))
        .collect(Collectors.toSet());
  }

  private static ManagementService start(Path folder) {
    var service =
        ManagementService.builder(TestBed.options("Default", folder, /* database= */ null)).start();
    Programs.load(service);
    return service;
  }

  private static UUID create(ManagementService service, String machine) {
    var input = Programs.blob(service.blobs(), "in.txt", "abc\n");
    return service
        .instances()
        .create(new InstanceRequest(machine, List.of(input)), Privilege.SUBMIT)
        .id();
  }

  /** The run at that place, once its container runs. */
  private static ActorRun awaitRun(ManagementService service, UUID id, int place)
      throws InterruptedException {
    Eventually.await(
        "run " + place + " is under way",
        () -> {
          var runs = service.instances().find(id).orElseThrow().startedActors();
          return runs.size() > place
              && Containers.isRunning(runs.get(place).usedNode(), runs.get(place).usedContainer());
        });
    return service.instances().find(id).orElseThrow().startedActors().get(place);
  }
}
