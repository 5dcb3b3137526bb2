package com.joyoi.management.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.ActorStatus;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Very many runs, while a node dies and comes back. */
@RunsActors
@LeftOut("it kills the engines of nodes")
class ManyRunsTest {
  private static final int INSTANCES = 100;
  private static final int FEW_INSTANCES = 6;
  private static final int RUNS_EACH = 100;

  /** Each run has an input of its own, so that a mixed up answer shows. */
  private static final String EACH_ITS_OWN =
      """
      import com.joyoi.management.usercode.*;
      import java.util.ArrayList;
      import java.util.concurrent.CompletableFuture;

      public class EachItsOwn extends StateMachine {
        @Override
        public CompletableFuture<Void> runAsync() {
          var runs = new ArrayList<RunActorParam>();
          for (int i = 0; i < %d; i++) {
            var input = uploadBlobAsync("in.txt", id() + "-" + i).join();
            runs.add(new RunActorParam("Upper", input).withTag("" + i));
          }
          return deployAndRunActorsAsync(runs.stream()).thenAccept(ended -> {});
        }
      }
      """
          .formatted(RUNS_EACH);

  @RegisterExtension static final LiveService service = new LiveService("ManyRuns");

  @Test
  void runs_whileANodeDiesAndComesBack_areAllRightAndLoseNoSlot() throws Exception {
    assertAllRight(FEW_INSTANCES);
  }

  @Test
  @Tag("long")
  void runs_tenThousand_areAllRightAndLoseNoSlot() throws Exception {
    assertAllRight(INSTANCES);
  }

  private static void assertAllRight(int count) throws Exception {
    // Definitions outlive the services of one database.
    var machine = "EachItsOwn-" + UUID.randomUUID();
    service.get().stateMachines().create(machine, EACH_ITS_OWN, null);
    var instances = new ArrayList<Instance>();
    for (int i = 0; i < count; i++) {
      instances.add(service.create(new InstanceRequest(machine, List.of())));
    }
    Eventually.await(
        "some have ended on each node",
        () ->
            List.of("docker-1", "docker-2").stream().allMatch(node -> hasEndedOn(node, instances)));
    TestBed.control("kill-node", "2");
    Eventually.await("the status shows it", () -> service.node("docker-2").errorFlags());
    TestBed.control("start-node", "2");

    for (var instance : instances) {
      var ended =
          service.get().instances().ended(instance.id()).orTimeout(20, TimeUnit.MINUTES).join();
      assertThat(ended.exception()).isNull();
      assertThat(ended.status()).isEqualTo(InstanceStatus.SUCCEEDED);
      assertThat(ended.startedActors()).hasSize(RUNS_EACH);
      for (var run : ended.startedActors()) {
        var text = Programs.text(service.get().blobs(), run.output("out.txt"));
        assertThat(text).isEqualToIgnoringCase(instance.id() + "-" + run.tag());
        assertThat(text).isUpperCase();
      }
    }
  }

  private static boolean hasEndedOn(String node, List<Instance> instances) {
    return instances.stream()
        .flatMap(instance -> service.now(instance).startedActors().stream())
        .filter(run -> run.status() == ActorStatus.SUCCEEDED)
        .map(ActorRun::usedNode)
        .anyMatch(node::equals);
  }
}
