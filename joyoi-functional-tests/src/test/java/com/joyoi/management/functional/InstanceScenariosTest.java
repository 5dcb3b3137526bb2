package com.joyoi.management.functional;

import static com.joyoi.management.functional.Programs.blob;
import static com.joyoi.management.functional.Programs.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.bootstrap.ManagementService;
import com.joyoi.management.catalog.SourceRejectedException;
import com.joyoi.management.engine.StateMachineEngine.Privilege;
import com.joyoi.management.model.ActorLanguage;
import com.joyoi.management.model.ActorStatus;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of instances on two nodes and a database server. */
class InstanceScenariosTest {
  @TempDir Path dataDir;
  private final String name = "Scenarios-" + UUID.randomUUID();
  private ManagementService service;
  private BlobReference input;

  @BeforeEach
  void start() {
    service = startService();
    Programs.load(service);
    input = blob(service.blobs(), "in.txt", "abc\n");
  }

  private ManagementService startService() {
    return ManagementService.builder(TestBed.options(name, dataDir, TestBed.database())).start();
  }

  @AfterEach
  void stop() {
    service.close();
    assertThat(Containers.ofService(name)).isEmpty();
  }

  private Instance create(String machine) {
    return service
        .instances()
        .create(new InstanceRequest(machine, List.of(input)), Privilege.SUBMIT);
  }

  private Instance ended(Instance instance) {
    return service.instances().ended(instance.id()).join();
  }

  @Test
  void instance_ofTwoStages_succeedsWithItsOutputs() {
    var ended = ended(create("TwoStages"));

    assertThat(ended.exception()).isNull();
    assertThat(ended.status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(ended.stage()).isEqualTo("Finished");
    assertThat(ended.startedActors())
        .extracting(run -> run.name() + " " + run.stage() + " " + run.status())
        .containsExactly("Upper Upper SUCCEEDED", "Twice Twice SUCCEEDED");
    assertThat(ended.startedActors())
        .allSatisfy(
            run -> {
              assertThat(run.usedNode()).startsWith("docker-");
              assertThat(run.usedContainer()).isNotBlank();
              assertThat(run.endTime()).isNotNull();
            });
    assertThat(text(service.blobs(), ended.startedActors().getLast().output("out.txt")))
        .isEqualTo("ABC\nABC\n");
  }

  @Test
  void threeActors_atOnce_allSucceedInTheirOrder() {
    var ended = ended(create("AtOnce"));

    assertThat(ended.status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(ended.startedActors()).extracting(run -> run.tag()).containsExactly("1", "2", "3");
  }

  @Test
  void thirtyInstances_atOnce_allSucceedOnBothNodes() {
    var instances = IntStream.range(0, 30).mapToObj(i -> create("TwoStages")).toList();
    var ended = instances.stream().map(this::ended).toList();

    assertThat(ended).extracting(Instance::status).containsOnly(InstanceStatus.SUCCEEDED);
    assertThat(ended)
        .flatExtracting(Instance::startedActors)
        .extracting(run -> run.usedNode())
        .hasSize(60)
        .contains("docker-1", "docker-2");
  }

  @Test
  void actor_thatFails_failsItsInstanceWithItsLog() {
    var ended = ended(create("UpperThenFails"));

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
                    .stateMachines()
                    .create("Broken", "public class Broken {\n  int x = ;\n}", null))
        .isInstanceOfSatisfying(
            SourceRejectedException.class,
            e -> assertThat(e.diagnostics().getFirst().line()).isEqualTo(2));
    assertThatThrownBy(
            () -> service.actors().create("Broken", ActorLanguage.JAVA, "class Broken {"))
        .isInstanceOf(SourceRejectedException.class);
    assertThat(service.stateMachines().find("Broken")).isEmpty();
  }

  @Test
  void patch_toAStage_keepsWhatCameBefore() {
    var first = ended(create("TwoStages"));
    service.instances().restart(first.id(), "Twice", null, Privilege.SUBMIT);
    var second = ended(first);

    assertThat(second.status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(second.startedActors()).hasSize(2);
    assertThat(second.startedActors().getFirst()).isEqualTo(first.startedActors().getFirst());
    assertThat(second.startedActors().getLast().usedContainer())
        .isNotEqualTo(first.startedActors().getLast().usedContainer());
    assertThat(second.executionKey()).isNotEqualTo(first.executionKey());
  }

  @Test
  void patch_toStart_runsAllAgain() {
    var first = ended(create("TwoStages"));
    service.instances().restart(first.id(), null, Map.of("a", "b"), Privilege.SUBMIT);
    var second = ended(first);

    assertThat(second.status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(second.parameters()).containsEntry("a", "b");
    assertThat(second.startedActors())
        .hasSize(2)
        .extracting(run -> run.usedContainer())
        .doesNotContainAnyElementsOf(
            first.startedActors().stream().map(run -> run.usedContainer()).toList());
  }

  @Test
  void delete_whileRunning_removesContainerAndInstance() throws Exception {
    var instance = create("UpperThenForever");
    awaitContainer();

    assertThat(service.instances().delete(instance.id())).isTrue();

    assertThat(service.instances().find(instance.id())).isEmpty();
    Eventually.await("the container is gone", () -> Containers.ofService(name).isEmpty());
    assertThat(service.instances().delete(instance.id())).isFalse();
  }

  @Test
  void service_thatStopsGracefully_continuesFromItsStage() throws Exception {
    var instance = create("UpperThenForever");
    awaitSecondStage(instance);
    service.close();
    service = startService();
    awaitContainer();

    var taken = service.instances().find(instance.id()).orElseThrow();
    assertThat(taken.status()).isEqualTo(InstanceStatus.RUNNING);
    assertThat(taken.reRunTimes()).isZero();
    assertThat(taken.startedActors().stream().filter(run -> run.name().equals("Upper"))).hasSize(1);
    service.instances().delete(instance.id());
  }

  @Test
  void instance_restartedByAnotherService_isDroppedByTheFirst() throws Exception {
    var instance = create("UpperThenForever");
    awaitSecondStage(instance);
    awaitContainer();
    var otherName = name + "-other";
    try (var other =
        ManagementService.builder(TestBed.options(otherName, dataDir, TestBed.database()))
            .start()) {
      other.instances().restart(instance.id(), "Second", null, Privilege.SUBMIT);

      Eventually.await("the first service gives up", () -> Containers.ofService(name).isEmpty());
      Eventually.await("the second one runs it", () -> !Containers.ofService(otherName).isEmpty());
      var now = other.instances().find(instance.id()).orElseThrow();
      assertThat(now.fromManagementService()).isEqualTo(otherName);
      assertThat(now.status()).isEqualTo(InstanceStatus.RUNNING);
      other.instances().delete(instance.id());
    }
  }

  private void awaitSecondStage(Instance instance) throws InterruptedException {
    Eventually.await(
        "the second stage runs",
        () ->
            service.instances().find(instance.id()).orElseThrow().startedActors().stream()
                .anyMatch(run -> run.name().equals("Forever") && run.usedContainer() != null));
  }

  private void awaitContainer() throws InterruptedException {
    Eventually.await("a container runs", () -> !Containers.ofService(name).isEmpty());
  }
}
