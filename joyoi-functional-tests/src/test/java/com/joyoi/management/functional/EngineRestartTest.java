package com.joyoi.management.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node's engine is stopped, or killed, and started again, with all its slots taken. */
@RunsActors
@LeftOut("it kills and stops the engines of nodes")
class EngineRestartTest {
  private static final int ROUNDS = 6;
  private static final String HEALTHY = "docker-1";
  private static final String SICK = "docker-2";

  /** The bed's engines let containers go on for 5 s: some end before that, some are killed. */
  private static final List<String> SECONDS = List.of("6", "8", "10", "20");

  @RegisterExtension static final LiveService service = new LiveService("EngineRestart");

  private Runnable heal = () -> {};

  @AfterEach
  void heal() {
    heal.run();
  }

  @Test
  void programs_onAnEngineThatIsStopped_succeed() throws Exception {
    assertAllSucceedAfter("shut-node");
  }

  @Test
  void programs_onAnEngineThatIsKilled_succeed() throws Exception {
    assertAllSucceedAfter("kill-node");
  }

  /** What the engine does first when it ends is different each time. */
  @Tag("long")
  @RepeatedTest(ROUNDS)
  void programs_onAnEngineThatIsStoppedAgainAndAgain_succeed() throws Exception {
    assertAllSucceedAfter("shut-node");
  }

  private void assertAllSucceedAfter(String deed) throws InterruptedException {
    Eventually.await("both nodes are up", () -> isUp(HEALTHY) && isUp(SICK));
    var instances = new ArrayList<Instance>();
    service.get().nodes().cordon(HEALTHY, true);
    try {
      for (var seconds : SECONDS) {
        var input = Programs.blob(service.get().blobs(), "in.txt", seconds);
        instances.add(service.create(new InstanceRequest("OnlyLasting", List.of(input))));
      }
      for (var instance : instances) {
        // Known after a second or two, or when it has ended.
        Eventually.await(
            "it has a place",
            () ->
                service.runs(instance, "Lasting").stream()
                    .anyMatch(run -> run.usedContainer() != null));
      }
    } finally {
      service.get().nodes().cordon(HEALTHY, false);
    }

    heal = () -> TestBed.control("start-node", "2");
    TestBed.control(deed, "2");
    heal.run();
    heal = () -> {};

    for (var instance : instances) {
      var ended = service.ended(instance);
      assertThat(ended.exception()).isNull();
      assertThat(ended.status()).isEqualTo(InstanceStatus.SUCCEEDED);
    }
  }

  private static boolean isUp(String node) {
    var status = service.node(node);
    return status.lastSeen() != null && !status.errorFlags();
  }
}
