package com.joyoi.management.functional;

import static com.joyoi.management.functional.Programs.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.Assumptions.assumingThat;

import com.joyoi.management.catalog.SourceRejectedException;
import com.joyoi.management.engine.StateMachineEngine.Privilege;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.ActorLanguage;
import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.ActorStatus;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.model.SandboxOptions.Reuse;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The life of instances on two nodes and a database server. */
@RunsActors
@OwnNode
class InstanceScenariosTest {
  @RegisterExtension static final LiveService service = new LiveService("Scenarios");

  @Test
  void instance_ofTwoStages_succeedsWithItsOutputs() {
    var ended = service.ended(service.create("TwoStages"));

    assertThat(ended.exception()).isNull();
    assertThat(ended.status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(ended.stage()).isEqualTo("Finished");
    assertThat(ended.startedActors())
        .extracting(run -> run.name() + " " + run.stage() + " " + run.status())
        .containsExactly("Upper Upper SUCCEEDED", "Twice Twice SUCCEEDED");
    assertThat(ended.startedActors())
        .allSatisfy(
            run -> {
              assertThat(run.usedNode())
                  .isIn(TestBed.nodes().stream().map(NodeOptions::name).toList());
              assertThat(run.usedContainer()).isNotBlank();
              assertThat(run.usedContainerName()).startsWith("joyoi-");
              assertThat(run.endTime()).isNotNull();
            });
    assertThat(text(service.get().blobs(), ended.startedActors().getLast().output("out.txt")))
        .isEqualTo("ABC\nABC\n");
  }

  @Test
  void threeActors_atOnce_allSucceedInTheirOrder() {
    var ended = service.ended(service.create("AtOnce"));

    assertThat(ended.status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(ended.startedActors()).extracting(run -> run.tag()).containsExactly("1", "2", "3");
  }

  @Test
  @LeftOut("to spare the node thirty instances at once")
  void thirtyInstances_atOnce_allSucceedOnBothNodes() {
    var instances = IntStream.range(0, 30).mapToObj(i -> service.create("TwoStages")).toList();
    var ended = instances.stream().map(service::ended).toList();

    assertThat(ended).extracting(Instance::status).containsOnly(InstanceStatus.SUCCEEDED);
    assertThat(ended)
        .flatExtracting(Instance::startedActors)
        .extracting(run -> run.usedNode())
        .hasSize(60)
        .contains("docker-1", "docker-2");
  }

  @Test
  void actor_thatFails_failsItsInstanceWithItsLog() {
    var ended = service.ended(service.create("UpperThenFails"));

    assertThat(ended.status()).isEqualTo(InstanceStatus.FAILED);
    assertThat(ended.stage()).isEqualTo("Second");
    assertThat(ended.exception()).contains("Fails").contains("this goes wrong");
    assertThat(ended.startedActors().getLast().status()).isEqualTo(ActorStatus.FAILED);
    assertThat(ended.startedActors().getLast().exceptions().getFirst()).contains("exit code 3");
  }

  @Test
  void userCode_thatDoesNotCompile_isRefusedWithItsPlace() {
    assertThatThrownBy(
            () ->
                service
                    .get()
                    .stateMachines()
                    .create("Broken", "public class Broken {\n  int x = ;\n}", null))
        .isInstanceOfSatisfying(
            SourceRejectedException.class,
            e -> assertThat(e.diagnostics().getFirst().line()).isEqualTo(2));
    assertThatThrownBy(
            () -> service.get().actors().create("Broken", ActorLanguage.JAVA, "class Broken {"))
        .isInstanceOf(SourceRejectedException.class);
    assertThat(service.get().stateMachines().find("Broken")).isEmpty();
  }

  @Test
  void patch_toAStage_keepsWhatCameBefore() {
    var first = service.ended(service.create("TwoStages"));
    service.get().instances().restart(first.id(), "Twice", null, Privilege.SUBMIT);
    var second = service.ended(first);

    assertThat(second.status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(second.startedActors()).hasSize(2);
    assertThat(second.startedActors().getFirst()).isEqualTo(first.startedActors().getFirst());
    // Under always one sandbox may have served both.
    assumingThat(
        TestBed.reuse() != Reuse.ALWAYS,
        () ->
            assertThat(second.startedActors().getLast().usedContainer())
                .isNotEqualTo(first.startedActors().getLast().usedContainer()));
    assertThat(second.executionKey()).isNotEqualTo(first.executionKey());
  }

  @Test
  void patch_toStart_runsAllAgain() {
    var first = service.ended(service.create("TwoStages"));
    service.get().instances().restart(first.id(), null, Map.of("a", "b"), Privilege.SUBMIT);
    var second = service.ended(first);

    assertThat(second.status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(second.parameters()).containsEntry("a", "b");
    assertThat(second.startedActors())
        .hasSize(2)
        .extracting(ActorRun::startTime)
        .doesNotContainAnyElementsOf(
            first.startedActors().stream().map(ActorRun::startTime).toList());
  }

  @Test
  void delete_whileRunning_removesContainerAndInstance() throws Exception {
    var instance = service.create("UpperThenForever");
    service.awaitRunning(instance, "Forever");

    assertThat(service.get().instances().delete(instance.id())).isTrue();

    assertThat(service.get().instances().find(instance.id())).isEmpty();
    Eventually.await("the container is gone", () -> Containers.ofInstance(instance.id()).isEmpty());
    assertThat(service.get().instances().delete(instance.id())).isFalse();
  }

  @Test
  void service_thatStopsGracefully_continuesFromItsStage() throws Exception {
    var instance = service.create("FourStages");
    var slow = service.awaitRunning(instance, "Slow");

    service.restart();
    var ended = service.ended(instance);

    assertThat(ended.status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(ended.reRunTimes()).isZero();
    assertThat(ended.startedActors()).hasSize(4);
    assertThat(service.runs(instance, "Slow").getFirst().usedContainer())
        .isEqualTo(slow.usedContainer());
  }

  @Test
  void instance_restartedByAnotherService_isDroppedByTheFirst() throws Exception {
    assumeTrue(TestBed.database() != null, "an embedded database can't be shared");
    var instance = service.create("UpperThenForever");
    var first = service.awaitRunning(instance, "Forever");
    try (var other = LiveService.start(service.name() + "-other")) {
      other.instances().restart(instance.id(), "Second", null, Privilege.SUBMIT);

      Eventually.await(
          "the first service gives up",
          () -> !Containers.exists(first.usedNode(), first.usedContainer()));
      var second = service.awaitRunning(instance, "Forever");
      assertThat(second.usedContainer()).isNotEqualTo(first.usedContainer());
      var now = service.now(instance);
      assertThat(now.fromManagementService()).isEqualTo(service.name() + "-other");
      assertThat(now.status()).isEqualTo(InstanceStatus.RUNNING);
      assertThat(service.runs(instance, "Upper")).hasSize(1);
      other.instances().delete(instance.id());
    }
  }

  @Test
  void container_ofInstanceWithDebug_isStoppedAndKept() throws Exception {
    var instance =
        service.create(
            new InstanceRequest(
                "UpperThenFails", List.of(service.input()), null, Map.of("Debug", "true"), 0));
    var ended = service.ended(instance);

    for (var run : ended.startedActors()) {
      Eventually.await(
          "the container is stopped",
          () -> !Containers.isRunning(run.usedNode(), run.usedContainer()));
      assertThat(Containers.exists(run.usedNode(), run.usedContainer())).isTrue();
    }
    assertThat(Containers.ofInstance(instance.id()))
        .hasSize(2)
        .allSatisfy(kept -> assertThat(kept.labels()).containsEntry("com.joyoi.kept", "true"));
    ended.startedActors().forEach(Containers::remove);
  }

  @Test
  void debug_askedForBySubmitter_isRefused() {
    var request =
        new InstanceRequest(
            "TwoStages", List.of(service.input()), null, Map.of("Debug", "true"), 0);

    assertThatThrownBy(() -> service.get().instances().create(request, Privilege.SUBMIT))
        .isInstanceOfSatisfying(
            JoyoiException.class,
            e -> assertThat(e.kind()).isEqualTo(JoyoiException.Kind.FORBIDDEN));
  }
}
