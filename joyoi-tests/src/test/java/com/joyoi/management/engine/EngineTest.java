package com.joyoi.management.engine;

import static com.joyoi.management.engine.EngineWorld.machineOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.engine.EngineWorld.LambdaMachine;
import com.joyoi.management.engine.StateMachineEngine.Privilege;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.instance.IdempotencyKeys;
import com.joyoi.management.model.ActorStatus;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.InstanceFilter;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.usercode.ActorFailedException;
import com.joyoi.management.usercode.RunActorParam;
import com.joyoi.management.usercode.StateMachine;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EngineTest {
  private final EngineWorld world = new EngineWorld();

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void run_thatLasts_showsItsNodeBeforeItEnds() {
    world.machine("M", () -> machineOf(m -> m.actor("wait")));
    var instance = world.create("M");
    world.containers.awaitWaiter();

    while (world.now(instance).startedActors().getFirst().usedNode() == null) {
      world.timers.advance(Duration.ofSeconds(1));
      Thread.yield();
    }

    var run = world.now(instance).startedActors().getFirst();
    assertThat(run.usedNode()).isEqualTo("node");
    assertThat(run.usedContainerName()).startsWith("name-");
    assertThat(run.endTime()).isNull();
    world.containers.finishWaiting();
    assertThat(world.ended(instance).startedActors().getFirst().usedNode()).isEqualTo("node");
  }

  @Test
  void ended_withoutRuns_isToldAsItIsStored() {
    world.machine("M", () -> machineOf(m -> m.enter("Stage")));

    var ended = world.ended(world.create("M"));

    assertThat(ended.status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(world.engine.find(ended.id())).contains(ended);
  }

  @Test
  void instance_whoseActorsSucceed_succeedsInStageFinished() {
    world.machine(
        "M",
        () ->
            machineOf(
                m -> {
                  m.enter("A");
                  var first = m.actor("ok");
                  m.enter("B");
                  m.actor("ok", first.output("out.txt").withName("in.txt"));
                }));

    var ended = world.ended(world.create("M"));

    assertThat(ended.status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(ended.stage()).isEqualTo(StateMachine.FINAL_STAGE);
    assertThat(ended.exception()).isNull();
    assertThat(ended.endTime()).isNotNull();
    assertThat(ended.startedActors()).extracting(run -> run.stage()).containsExactly("A", "B");
    assertThat(ended.startedActors().get(1).inputs())
        .containsExactly(ended.startedActors().get(0).output("out.txt").withName("in.txt"));
    assertThat(ended.startedActors().get(0).usedNode()).isEqualTo("node");
  }

  @Test
  void actors_atOnce_areReportedInTheOrderOfTheCall() {
    var returned = new AtomicReference<List<String>>();
    world.machine(
        "M",
        () ->
            machineOf(
                m -> returned.set(m.actors("ok", 5).stream().map(run -> run.tag()).toList())));

    var ended = world.ended(world.create("M"));

    assertThat(returned.get()).containsExactly("0", "1", "2", "3", "4");
    assertThat(ended.startedActors())
        .extracting(run -> run.tag())
        .containsExactly("0", "1", "2", "3", "4");
  }

  @Test
  void actor_thatFails_failsTheInstanceAndTellsItsErrorHandler() {
    var handled = new ArrayList<LambdaMachine>();
    world.machine(
        "M",
        () -> {
          var made = machineOf(m -> m.actor("fail"));
          handled.add((LambdaMachine) made);
          return made;
        });

    var ended = world.ended(world.create("M"));

    assertThat(ended.status()).isEqualTo(InstanceStatus.FAILED);
    assertThat(ended.exception()).isEqualTo("actor fail failed: exit code 1");
    assertThat(ended.startedActors().getFirst().status()).isEqualTo(ActorStatus.FAILED);
    assertThat(handled.getFirst().handled).isInstanceOf(ActorFailedException.class);
    assertThat(world.containers.runs).hasSize(1);
  }

  @Test
  void node_thatFails_isNoFaultOfTheInstance() {
    world.containers.nodeFaults.set(1);
    world.machine("M", () -> machineOf(m -> m.actor("ok")));

    var instance = world.create("M");
    world.timers.awaitPending("next attempt");
    world.timers.advance(Duration.ofSeconds(1));
    var ended = world.ended(instance);

    assertThat(ended.status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(world.containers.runs).hasSize(2);
    assertThat(ended.startedActors()).hasSize(1);
  }

  @Test
  void stage_thatTheProgramDoesNotKnow_isAnError() {
    world.machine(
        "M",
        () ->
            machineOf(
                m -> {
                  if (!m.stageNow().equals(StateMachine.INITIAL_STAGE)) {
                    throw m.unknown();
                  }
                }));
    var instance = world.ended(world.create("M"));

    world.engine.restart(instance.id(), "Nonsense", null, Privilege.SUBMIT);
    var ended = world.ended(instance);

    assertThat(ended.status()).isEqualTo(InstanceStatus.FAILED);
    assertThat(ended.exception()).contains("knows no stage 'Nonsense'");
  }

  @Test
  void delete_whileAnActorRuns_cancelsIt() {
    world.machine("M", () -> machineOf(m -> m.actor("wait")));
    var instance = world.create("M");
    world.containers.awaitWaiter();
    var ended = world.engine.ended(instance.id());

    assertThat(world.engine.delete(instance.id())).isTrue();

    assertThat(world.engine.find(instance.id())).isEmpty();
    assertThatThrownBy(ended::join).hasMessageContaining("not found");
    assertThat(world.engine.runningInstances()).isZero();
    assertThat(world.engine.delete(instance.id())).isFalse();
  }

  @Test
  void uploadedBlob_isReferredToByItsInstance() {
    world.machine(
        "M",
        () ->
            machineOf(
                m -> {
                  var blob = m.upload("note.txt", "hello");
                  if (!m.read(blob).equals("hello")) {
                    throw new IllegalStateException("read something else");
                  }
                  m.actor("ok", blob);
                }));

    var ended = world.ended(world.create("M"));

    assertThat(ended.status()).isEqualTo(InstanceStatus.SUCCEEDED);
    var blob = ended.startedActors().getFirst().inputs().getFirst();
    assertThatThrownBy(() -> world.blobs.delete(blob.id())).isInstanceOf(JoyoiException.class);
  }

  @Test
  void request_forAnUnknownStateMachine_isNotFound() {
    assertThatThrownBy(() -> world.create("Nothing"))
        .isInstanceOfSatisfying(
            JoyoiException.class,
            e -> assertThat(e.kind()).isEqualTo(JoyoiException.Kind.NOT_FOUND))
        .hasMessage("state machine not found: Nothing");
  }

  @Test
  void request_withABadBlob_isRefusedBeforeAnythingRuns() {
    world.machine("M", () -> machineOf(m -> m.actor("ok")));
    var missing = new BlobReference(UUID.randomUUID(), "a.txt");

    var stored =
        new BlobReference(world.blobs.put(InputStream.nullInputStream(), null, null).id(), "b.txt");
    assertThatThrownBy(() -> world.create("M", stored, missing))
        .isInstanceOf(JoyoiException.class)
        .hasMessage(
            "initialBlobs[1].id is '"
                + missing.id()
                + "'; it must be the id of a blob that exists");
    assertThatThrownBy(() -> world.create("M", stored, missing.withName("../a")))
        .isInstanceOf(JoyoiException.class)
        .hasMessageStartingWith("initialBlobs[1].name: file name '../a' has '..'");
    assertThat(world.containers.runs).isEmpty();
  }

  @Test
  void host_outOfBounds_isRefusedAtCreateAndAtRestart() {
    world.machine("M", () -> machineOf(m -> m.actor("ok")));
    var instance = world.create("M");
    var outOfBounds = Map.<String, @Nullable String>of("Host", "http://127.0.0.1:2375/x?y#");

    for (var privilege : Privilege.values()) {
      assertThatThrownBy(() -> create(null, outOfBounds, privilege))
          .isInstanceOf(JoyoiException.class)
          .hasMessageStartingWith("parameters.Host is 'http://127.0.0.1:2375/x?y#'");
      assertThatThrownBy(() -> world.engine.restart(instance.id(), null, outOfBounds, privilege))
          .isInstanceOf(JoyoiException.class)
          .hasMessageStartingWith("parameters.Host is 'http://127.0.0.1:2375/x?y#'");
    }
    assertThat(create(null, Map.of("Host", ""), Privilege.SUBMIT)).isNotNull();
  }

  @Test
  void host_thatIsMissing_failsTheInstanceThatNeedsIt() {
    world.machine("M", () -> machineOf(m -> m.call("POST", "/result")));

    var ended = world.ended(world.create("M"));

    assertThat(ended.status()).isEqualTo(InstanceStatus.FAILED);
    assertThat(ended.exception()).contains("parameters.Host is missing");
  }

  @Test
  void submitter_mayTightenLimitsOnly() {
    world.machine("M", () -> machineOf(m -> m.actor("ok")));
    var tighter = Limitation.builder().memory(1L << 24).build();
    var looser = Limitation.builder().memory(1L << 40).enableNetwork(true).build();

    assertThat(create(tighter, Map.of(), Privilege.SUBMIT)).isNotNull();
    assertThat(create(looser, Map.of(), Privilege.ADMIN)).isNotNull();
    assertThatThrownBy(() -> create(looser, Map.of(), Privilege.SUBMIT))
        .isInstanceOfSatisfying(
            JoyoiException.class,
            e -> assertThat(e.kind()).isEqualTo(JoyoiException.Kind.FORBIDDEN))
        .hasMessage(
            "limitation allows more than the state machine does: memory is 1099511627776 (allowed:"
                + " 268435456), enableNetwork is true (allowed: false); only an administrator may"
                + " loosen a limit");
    assertThatThrownBy(() -> create(null, Map.of("Debug", "true"), Privilege.SUBMIT))
        .hasMessageContaining("Debug");
    assertThatThrownBy(
            () -> create(Limitation.builder().memory(5L).build(), Map.of(), Privilege.SUBMIT))
        .hasMessageContaining("limitation.memory is 5; it must be a whole number from 6291456");
  }

  @Test
  void instance_inEveryAnswer_hasTheLimitsThatHoldForIt() {
    world.machine("M", () -> machineOf(m -> m.actor("ok")));
    var asked = Limitation.builder().memory(1L << 24).build();
    var request = new InstanceRequest("M", List.of(), asked, Map.of(), 0);
    var key = new IdempotencyKeys.Key("caller", "route", "key", "0".repeat(64));

    var created = world.engine.create(request, Privilege.SUBMIT, key);
    var ended = world.ended(created);

    var holding = asked.over(Limitation.DEFAULTS);
    assertThat(
            List.of(
                created,
                ended,
                world.engine.create(request, Privilege.SUBMIT, key),
                world.engine.find(created.id()).orElseThrow(),
                world.engine.list(InstanceFilter.ALL).getFirst()))
        .extracting(instance -> instance.limitation())
        .containsOnly(holding);
    assertThat(world.database.instances().find(created.id()).orElseThrow().limitation())
        .isEqualTo(asked);
  }

  @Test
  void run_withLimitsThatNoEngineTakes_failsTheInstanceByName() {
    world.machine(
        "M",
        () ->
            machineOf(
                m ->
                    m.actorWith(
                        new RunActorParam("ok")
                            .withLimitation(Limitation.builder().memory(5L).build()))));

    var ended = world.ended(world.create("M"));

    assertThat(ended.exception()).contains("actor ok: limitation.memory is 5; it must be a whole");
  }

  @Test
  void run_withASwapBelowTheInstancesMemory_failsTheInstanceByName() {
    world.machine(
        "M",
        () ->
            machineOf(
                m ->
                    m.actorWith(
                        new RunActorParam("ok")
                            .withLimitation(Limitation.builder().memorySwap(7L).build()))));

    assertThat(world.ended(world.create("M")).exception())
        .contains("actor ok: limitation.memorySwap is 7; it must be 0, or at least memory");
  }

  @Test
  void restart_ofAnInstanceWhoseStateMachineIsGone_isNotFound() {
    world.machine("M", () -> machineOf(m -> m.actor("ok")));
    var ended = world.ended(world.create("M"));
    world.stateMachines.forget("M");

    assertThatThrownBy(() -> world.engine.restart(ended.id(), null, null, Privilege.SUBMIT))
        .isInstanceOfSatisfying(
            JoyoiException.class,
            e -> assertThat(e.kind()).isEqualTo(JoyoiException.Kind.NOT_FOUND))
        .hasMessage("state machine not found: M");
  }

  private Object create(
      @Nullable Limitation limitation, Map<String, String> parameters, Privilege privilege) {
    return world.engine.create(
        new InstanceRequest("M", List.of(), limitation, parameters, 0), privilege);
  }

  @Test
  void oneLoop_throughTheSameStage_runsItsActorEachTime() {
    world.machine(
        "M",
        () ->
            machineOf(
                m ->
                    IntStream.range(0, 3)
                        .forEach(
                            i -> {
                              m.enter("Round");
                              m.actor("ok");
                            })));

    var ended = world.ended(world.create("M"));

    assertThat(ended.startedActors()).hasSize(3);
    assertThat(world.containers.runs).hasSize(3);
  }

  @Test
  void manyInstances_atOnce_allEnd() {
    world.machine("M", () -> machineOf(m -> m.actors("ok", 3)));

    var instances = IntStream.range(0, 50).mapToObj(i -> world.create("M")).toList();
    var ended =
        instances.stream()
            .map(i -> world.engine.ended(i.id()))
            .map(CompletableFuture::join)
            .toList();

    assertThat(ended).extracting(i -> i.status()).containsOnly(InstanceStatus.SUCCEEDED);
    assertThat(world.containers.runs).hasSize(150);
  }
}
