package com.joyoi.management.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node that dies, or stops answering, while an actor runs on it. */
@RunsActors
@LeftOut("it kills and stops the engines of nodes")
class NodeOutageTest {
  private static final String HEALTHY = "docker-1";
  private static final String SICK = "docker-2";

  @RegisterExtension static final LiveService service = new LiveService("NodeOutage");

  private Runnable heal = () -> {};

  @BeforeEach
  void bothUp() throws InterruptedException {
    Eventually.await("both nodes are up", () -> isUp(HEALTHY) && isUp(SICK));
  }

  @AfterEach
  void heal() {
    heal.run();
  }

  @Test
  void node_thatDies_isReportedAndItsRunGoesOnElsewhere() throws Exception {
    var instance = startOnSickNode();
    var before = service.runs(instance, "Forever").getLast();

    TestBed.control("kill-node", "2");
    heal = () -> TestBed.control("start-node", "2");

    Eventually.await("the status shows it", () -> !isUp(SICK));
    assertThat(service.node(SICK).lastError()).isNotBlank();
    Eventually.await("the run goes on elsewhere", () -> isForeverOn(HEALTHY, instance));
    assertThat(service.runs(instance, "Upper")).hasSize(1);
    var other = service.ended(service.create("TwoStages"));
    assertThat(other.status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(other.startedActors()).extracting(ActorRun::usedNode).containsOnly(HEALTHY);

    // A run whose node fails waits for another one only as long as there is hope.
    var moved = service.runs(instance, "Forever").getLast();
    TestBed.control("kill-node", "1");
    TestBed.control("start-node", "1");
    Eventually.await(
        "the run is repeated on the only node",
        () ->
            isForeverOn(HEALTHY, instance)
                && !service.runs(instance, "Forever").getLast().equals(moved));

    heal();
    heal = () -> {};
    Eventually.await("it is up again", () -> isUp(SICK));
    Eventually.await(
        "the old container is gone", () -> !Containers.exists(SICK, before.usedContainer()));
    assertThat(service.now(instance).status()).isEqualTo(InstanceStatus.RUNNING);
    service.get().instances().delete(instance.id());
  }

  @Test
  void node_thatStopsAnswering_losesItsRunToAnotherOne() throws Exception {
    var instance = startOnSickNode();
    var before = service.runs(instance, "Forever").getLast();

    TestBed.control("pause-node", "2");
    heal = () -> TestBed.control("resume-node", "2");

    Eventually.await("the run goes on elsewhere", () -> isForeverOn(HEALTHY, instance));
    assertThat(isUp(SICK)).isFalse();
    assertThat(service.get().nodes().timeoutErrors()).isNotEmpty();

    heal();
    heal = () -> {};
    Eventually.await("it is up again", () -> isUp(SICK));
    Eventually.await(
        "the old container is gone", () -> !Containers.exists(SICK, before.usedContainer()));
    assertThat(isForeverOn(HEALTHY, instance)).isTrue();
    service.get().instances().delete(instance.id());
  }

  @Test
  void node_thatShutsDown_isNoFaultOfProgramsThatItEnds() throws Exception {
    var instances = new ArrayList<Instance>();
    service.get().nodes().cordon(HEALTHY, true);
    try {
      // The bed's engines let containers go on for 5 s: some end in that time, some are killed.
      for (var seconds : List.of("6", "20", "8", "20")) {
        var input = Programs.blob(service.get().blobs(), "in.txt", seconds);
        instances.add(service.create(new InstanceRequest("OnlyLasting", List.of(input))));
      }
      for (var instance : instances) {
        assertThat(service.awaitRunning(instance, "Lasting").usedNode()).isEqualTo(SICK);
      }
    } finally {
      service.get().nodes().cordon(HEALTHY, false);
    }

    heal = () -> TestBed.control("start-node", "2");
    TestBed.control("shut-node", "2");

    assertThat(instances)
        .extracting(instance -> service.ended(instance).exception())
        .containsOnlyNulls();
  }

  /** An instance whose endless actor runs on the node that is to fail. */
  private static Instance startOnSickNode() throws InterruptedException {
    service.get().nodes().cordon(HEALTHY, true);
    try {
      var instance = service.create("UpperThenForever");
      assertThat(service.awaitRunning(instance, "Forever").usedNode()).isEqualTo(SICK);
      return instance;
    } finally {
      service.get().nodes().cordon(HEALTHY, false);
    }
  }

  private static boolean isForeverOn(String node, Instance instance) {
    return service.runs(instance, "Forever").stream()
        .anyMatch(
            run ->
                node.equals(run.usedNode())
                    && Containers.isRunning(run.usedNode(), run.usedContainer()));
  }

  private static boolean isUp(String node) {
    var status = service.node(node);
    return status.lastSeen() != null && !status.errorFlags();
  }
}
