package com.joyoi.management.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.bootstrap.ManagementService;
import com.joyoi.management.engine.StateMachineEngine.Privilege;
import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Two installations, each with a database of its own, on the same nodes. */
@ExtendWith(LeavesNothing.class)
class TwoInstallationsTest {
  @TempDir Path firstFolder;
  @TempDir Path secondFolder;

  @Test
  void installations_bothCalledDefault_leaveEachOtherAlone() throws Exception {
    try (var second = start(secondFolder)) {
      UUID ofFirst;
      var ofSecond = create(second);
      var kept = awaitRunning(second, ofSecond);
      try (var first = start(firstFolder)) {
        ofFirst = create(first);
        awaitRunning(first, ofFirst);
        assertThat(Containers.ofService("Default")).hasSize(2);
      }
      assertThat(Containers.ofService("Default"))
          .singleElement()
          .satisfies(container -> assertThat(container.id()).isEqualTo(kept.usedContainer()));

      // Its start sweeps the nodes for what its earlier sessions left.
      try (var firstAgain = start(firstFolder)) {
        var again = awaitRunning(firstAgain, ofFirst);
        assertThat(second.instances().delete(ofSecond)).isTrue();
        Eventually.await(
            "the second one's container is gone",
            () -> !Containers.exists(kept.usedNode(), kept.usedContainer()));
        assertThat(Containers.isRunning(again.usedNode(), again.usedContainer())).isTrue();
        assertThat(firstAgain.instances().find(ofFirst).orElseThrow().status())
            .isEqualTo(InstanceStatus.RUNNING);
        firstAgain.instances().delete(ofFirst);
      }
    }
  }

  private static ManagementService start(Path folder) {
    var service =
        ManagementService.builder(TestBed.options("Default", folder, /* database= */ null)).start();
    Programs.load(service);
    return service;
  }

  private static UUID create(ManagementService service) {
    var input = Programs.blob(service.blobs(), "in.txt", "abc\n");
    return service
        .instances()
        .create(new InstanceRequest("UpperThenForever", List.of(input)), Privilege.SUBMIT)
        .id();
  }

  private static ActorRun awaitRunning(ManagementService service, UUID id)
      throws InterruptedException {
    Eventually.await(
        "its second actor runs",
        () -> {
          var runs = service.instances().find(id).orElseThrow().startedActors();
          return runs.size() == 2
              && Containers.isRunning(runs.get(1).usedNode(), runs.get(1).usedContainer());
        });
    return service.instances().find(id).orElseThrow().startedActors().get(1);
  }
}
