package com.joyoi.management.engine;

import static com.joyoi.management.engine.EngineWorld.SERVICE;
import static com.joyoi.management.engine.EngineWorld.machineOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.engine.StateMachineEngine.Privilege;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.model.Limitation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What executions survive: stops, deaths, takeovers, faults of ours. */
class EngineRecoveryTest {
  private final EngineWorld world = new EngineWorld();

  @AfterEach
  void close() {
    world.close();
  }

  /** Ends after one actor in stage A and two in stage B, the second of which waits. */
  private static EngineWorld withMachine(EngineWorld world) {
    return world.machine(
        "M",
        () ->
            machineOf(
                m -> {
                  switch (m.stageNow()) {
                    case "Start":
                    case "A":
                      m.enter("A");
                      m.actor("ok");
                    case "B":
                      m.enter("B");
                      m.actor("ok");
                      m.actor("wait");
                      break;
                    default:
                      throw m.unknown();
                  }
                }));
  }

  private Instance waitingInstance() {
    withMachine(world);
    var instance = world.create("M");
    world.containers.awaitWaiter();
    return instance;
  }

  private EngineWorld recovered() {
    var next = withMachine(world.other(SERVICE));
    next.recover();
    return next;
  }

  @Test
  void restart_afterAGracefulStop_repeatsNothingThatEnded() {
    var instance = waitingInstance();
    world.engine.close();
    assertThat(world.now(instance).status()).isEqualTo(InstanceStatus.RUNNING);

    try (var next = recovered()) {
      next.containers.finishWaiting();
      var ended = next.ended(instance);

      assertThat(ended.status()).isEqualTo(InstanceStatus.SUCCEEDED);
      assertThat(ended.reRunTimes()).isZero();
      assertThat(next.containers.runs).containsExactly("wait");
      assertThat(ended.startedActors())
          .extracting(run -> run.stage() + " " + run.name())
          .containsExactly("A ok", "B ok", "B wait");
    }
  }

  @Test
  void deaths_ofAServiceWhoseInstanceWaits_countNothing() {
    var instance = waitingInstance();
    for (int death = 1; death <= 10; death++) {
      try (var next = recovered()) {
        next.containers.awaitWaiter();
        assertThat(next.now(instance).reRunTimes()).isZero();
      }
    }

    try (var last = recovered()) {
      last.containers.finishWaiting();
      assertThat(last.ended(instance).status()).isEqualTo(InstanceStatus.SUCCEEDED);
    }
  }

  @Test
  void oldExecution_afterATakeover_writesNothing() {
    var instance = waitingInstance();

    try (var next = recovered()) {
      next.containers.awaitWaiter();
      world.containers.finishWaiting();
      next.containers.finishWaiting();
      var ended = next.ended(instance);

      assertThat(ended.status()).isEqualTo(InstanceStatus.SUCCEEDED);
      assertThat(ended.startedActors()).hasSize(3);
    }
  }

  @Test
  void patch_toAStage_keepsWhatCameBeforeItOnly() {
    var instance = waitingInstance();

    world.engine.restart(instance.id(), "B", null, Privilege.SUBMIT);
    world.containers.finishWaiting();
    var ended = world.ended(instance);

    assertThat(ended.status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(ended.executionKey()).isNotEqualTo(instance.executionKey());
    assertThat(ended.startedActors())
        .extracting(run -> run.stage() + " " + run.name())
        .containsExactly("A ok", "B ok", "B wait");
    assertThat(world.containers.runs).containsExactly("ok", "ok", "wait", "ok", "wait");
  }

  /** The runs of one that ended after "ok" in stage B, when the service goes on like that. */
  private List<String> runsOf(EngineWorld again) {
    try (var next = withMachine(again)) {
      next.recover();
      next.containers.awaitWaiter();
      next.containers.finishWaiting();
      return List.copyOf(next.containers.runs);
    }
  }

  @Test
  void runs_recordedUnderOtherLimits_areRunAgain() {
    var unused = waitingInstance();
    world.engine.close();
    var larger = Limitation.builder().memory(1L << 30).build().over(Limitation.DEFAULTS);

    assertThat(runsOf(world.again(larger, 100))).containsExactly("ok", "wait");
  }

  @Test
  void runs_recordedUnderOtherBoundsOfTheInstance_areNot() {
    var unused = waitingInstance();
    world.engine.close();
    var longer = Limitation.builder().instanceLifetime(1L << 40).build().over(Limitation.DEFAULTS);

    assertThat(runsOf(world.again(longer, 100))).containsExactly("wait");
  }

  @Test
  void runs_recordedInAnImageThatNoNodeHasAnyMore_areRunAgain() {
    var unused = waitingInstance();
    world.engine.close();
    var next = world.other(SERVICE);
    next.nodes.setImage("another");

    assertThat(runsOf(next)).containsExactly("ok", "wait");
  }

  @Test
  void instance_whoseClassIsNotRegistered_waitsVisibly() {
    var instance = waitingInstance();
    world.engine.close();

    try (var next = world.other(SERVICE)) {
      next.engine.takeUp(instance.id());
      awaitNote(next, instance);

      assertThat(next.now(instance).status()).isEqualTo(InstanceStatus.RUNNING);
    }
  }

  private static void awaitNote(EngineWorld world, Instance instance) {
    while (world.now(instance).exception() == null) {
      Thread.onSpinWait();
    }
    assertThat(world.now(instance).exception()).contains("no class is registered as 'M'");
  }

  @Test
  void faultOfOurs_suspendsAndIsNotSeenByTheProgram() {
    world.machine(
        "M",
        () ->
            machineOf(
                m -> {
                  try {
                    m.actor("ok large");
                  } catch (RuntimeException e) {
                    throw new IllegalStateException("the program saw it", e);
                  }
                }));
    world.blobs.failNext(
        new JoyoiException(JoyoiException.Kind.UNAVAILABLE, "the database is gone"));
    var instance = world.create("M");
    var ended = world.engine.ended(instance.id());

    world.blobs.awaitFailure();
    advanceUntil(ended);

    assertThat(ended.join().status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(ended.join().reRunTimes()).isZero();
    assertThat(world.containers.runs).hasSize(2);
  }

  @Test
  void faultsOfOurs_withoutProgress_areTriedAgainWithoutEndAndShown() {
    world.machine("M", () -> machineOf(m -> m.actor("ok large")));
    world.blobs.failAlways(
        new JoyoiException(JoyoiException.Kind.UNAVAILABLE, "the database is gone"));

    var instance = world.create("M");
    while (world.containers.runs.size() < 12) {
      world.timers.advance(Duration.ofSeconds(1));
      Thread.yield();
    }
    while (world.now(instance).exception() == null) {
      world.timers.advance(Duration.ofSeconds(1));
      Thread.yield();
    }

    assertThat(world.now(instance).status()).isEqualTo(InstanceStatus.RUNNING);
    assertThat(world.now(instance).reRunTimes()).isZero();
  }

  /** Time passes for the engine; how much of it a suspended execution needs is not the subject. */
  private void advanceUntil(CompletableFuture<Instance> ended) {
    while (!ended.isDone()) {
      world.timers.advance(Duration.ofSeconds(1));
      Thread.yield();
    }
  }

  @Test
  void ended_forAnInstanceOfAnotherService_isFoundByLooking() {
    var instance = waitingInstance();
    try (var other = world.other("Other")) {
      var ended = other.engine.ended(instance.id());
      world.containers.finishWaiting();
      world.ended(instance);

      while (!ended.isDone()) {
        other.timers.advance(EndWatch.PERIOD);
        Thread.yield();
      }

      assertThat(ended.join().status()).isEqualTo(InstanceStatus.SUCCEEDED);
    }
  }
}
