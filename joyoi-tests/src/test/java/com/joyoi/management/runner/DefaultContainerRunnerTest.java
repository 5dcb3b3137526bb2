package com.joyoi.management.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.docker.DockerException;
import com.joyoi.management.docker.FakeDockerEngine.FakeContainer;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.Limitation;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DefaultContainerRunnerTest {
  private final RunnerWorld world = new RunnerWorld();

  private static JoyoiException nodeFault() {
    return DockerException.nodeFault("node node: connection refused", null);
  }

  private static JoyoiException databaseFault() {
    return new JoyoiException(JoyoiException.Kind.UNAVAILABLE, "no database");
  }

  /** Nothing is left of the run, and its slot was given back once, after the container was gone. */
  private void assertAllGone() {
    assertThat(world.engine.daemon.containers()).isEmpty();
    assertThat(world.ledger.names()).isEmpty();
    assertThat(world.steps.count("release")).isOne();
    assertThat(world.steps.taken()).endsWith("release", "forget");
  }

  @Test
  void run_thatSucceeds_takesItsStepsInOrder() {
    assertThat(world.run()).isEqualTo(new RunOutcome.Succeeded());

    assertThat(world.steps.taken())
        .containsExactly(
            "record", "create", "placed", "put", "start", "wait", "fetch", "fetch", "output",
            "over", "remove", "release", "forget");
    assertThat(world.outputs).containsExactly("out.txt=content");
    assertThat(world.faults).isEmpty();
    assertAllGone();
  }

  @ParameterizedTest
  @ValueSource(strings = {"create", "put", "start", "wait", "fetch"})
  void step_thatTheNodeFails_isTheNodesFaultAndLeavesNothing(String step) {
    world.steps.fail(step, 1, DefaultContainerRunnerTest::nodeFault);

    assertThatThrownBy(world::run)
        .isInstanceOfSatisfying(
            NodeFaultException.class, e -> assertThat(e.node()).isEqualTo("node"))
        .hasMessageStartingWith("node node: connection refused");

    assertThat(world.faults).hasSize(1);
    assertAllGone();
  }

  @ParameterizedTest
  @ValueSource(strings = {"create", "put", "start"})
  void step_thatTheNodeRefuses_maySucceedOnAnother(String step) {
    world.steps.fail(step, 1, () -> DockerException.refused("limit can't be kept", null));

    assertThatThrownBy(world::run)
        .isInstanceOfSatisfying(DockerException.class, e -> assertThat(e.isNodeFault()).isFalse())
        .hasMessageStartingWith("limit can't be kept");

    assertThat(world.faults).isEmpty();
    assertAllGone();
  }

  @Test
  void run_thatIsSuspected_doesNotBlameTheNode() {
    world.suspect = true;
    world.steps.fail("start", 1, DefaultContainerRunnerTest::nodeFault);

    assertThatThrownBy(world::run).isInstanceOf(NodeFaultException.class);

    assertThat(world.faults).isEmpty();
    assertAllGone();
  }

  @Test
  void slot_thatIsNotHeldAnyMore_startsNothing() {
    world.held = false;

    assertThatThrownBy(world::run)
        .isInstanceOf(NodeFaultException.class)
        .hasMessageContaining("no longer held");

    assertThat(world.steps.taken()).contains("create").doesNotContain("start");
    assertThat(world.faults).isEmpty();
    assertAllGone();
  }

  @Test
  void record_thatFails_createsNothing() {
    world.steps.fail("record", 1, DefaultContainerRunnerTest::databaseFault);

    assertThatThrownBy(world::run).hasMessage("no database");

    assertThat(world.steps.taken()).containsExactly("record", "release");
  }

  @ParameterizedTest
  @ValueSource(strings = {"placed", "output"})
  void listener_thatFails_endsTheRunAndLeavesNothing(String step) {
    world.steps.fail(step, 1, DefaultContainerRunnerTest::databaseFault);

    assertThatThrownBy(world::run).hasMessage("no database");

    assertThat(world.faults).isEmpty();
    assertThat(world.steps.count("start")).isEqualTo(step.equals("placed") ? 0 : 1);
    assertAllGone();
  }

  @Test
  void removal_thatFails_keepsTheRowUntilItSucceedsButNoSlot() {
    world.steps.fail("remove", 2, DefaultContainerRunnerTest::nodeFault);

    assertThat(world.run()).isEqualTo(new RunOutcome.Succeeded());

    // The program has ended.
    assertThat(world.steps.count("release")).isOne();
    assertThat(world.ledger.names()).hasSize(1);
    assertThat(world.runNext().delay()).isEqualTo(Duration.ofSeconds(1));
    assertThat(world.runNext().delay()).isEqualTo(Duration.ofSeconds(2));
    assertThat(world.engine.daemon.containers()).isEmpty();
    assertThat(world.ledger.names()).isEmpty();
    assertThat(world.steps.count("release")).isOne();
  }

  @Test
  void forgetting_thatFails_isTriedAgainAndHoldsNoSlot() {
    world.steps.fail("forget", 1, DefaultContainerRunnerTest::databaseFault);

    assertThat(world.run()).isEqualTo(new RunOutcome.Succeeded());

    assertThat(world.steps.count("release")).isOne();
    assertThat(world.ledger.names()).hasSize(1);
    assertThat(world.timers.take().name()).startsWith("forget ");
  }

  @Test
  void program_thatFails_isNoFaultOfTheNode() {
    world.engine.daemon.setProgram(
        container -> {
          RunnerWorld.leave(container, "run-actor.log", "what went wrong\n");
          container.exit(3);
        });

    assertThat(world.run())
        .isInstanceOfSatisfying(
            RunOutcome.Failed.class,
            failed ->
                assertThat(failed.reason())
                    .startsWith("the actor ended with exit code 3")
                    .contains("what went wrong"));
    assertThat(world.faults).isEmpty();
    assertAllGone();
  }

  @Test
  void program_outOfMemory_isSaidSo() {
    world.engine.daemon.setProgram(container -> container.runOutOfMemory());

    assertThat(world.run())
        .isInstanceOfSatisfying(
            RunOutcome.Failed.class,
            failed -> assertThat(failed.reason()).startsWith("out of memory"));
    assertAllGone();
  }

  @Test
  void program_withoutResult_fails() {
    world.engine.daemon.setProgram(container -> container.exit(0));

    assertThat(world.run())
        .isEqualTo(new RunOutcome.Failed("the actor left no result 'return.json'"));
    assertAllGone();
  }

  @Test
  void input_withABadName_isRefusedBeforeAnything() {
    assertThat(world.run("../escape")).isInstanceOf(RunOutcome.Failed.class);

    assertThat(world.steps.taken()).containsExactly("release");
  }

  @Test
  void run_cancelledBefore_doesNothing() {
    world.cancellation.cancel("deleted");

    assertThatThrownBy(world::run).isInstanceOf(CancellationException.class).hasMessage("deleted");
    assertThat(world.steps.taken()).containsExactly("release");
  }

  @Test
  void run_cancelledWhileItRuns_isRemovedAtOnce() {
    // It never ends by itself.
    world.engine.daemon.setProgram(container -> world.cancellation.cancel("deleted"));

    assertThatThrownBy(world::run).isInstanceOf(CancellationException.class).hasMessage("deleted");
    assertThat(world.faults).isEmpty();
    assertThat(world.engine.daemon.containers()).isEmpty();
    assertThat(world.ledger.names()).isEmpty();
    assertThat(world.steps.count("release")).isOne();
  }

  @Test
  void run_thatIsKept_isStoppedAndItsRowStays() {
    assertThat(world.run(true)).isEqualTo(new RunOutcome.Succeeded());

    assertThat(world.steps.taken()).contains("kill").doesNotContain("remove");
    assertThat(world.engine.daemon.containers()).hasSize(1);
    assertThat(world.ledger.all().getFirst().keepUntil())
        .isAfter(world.clock.instant().plus(Duration.ofHours(1)));
    assertThat(world.steps.count("release")).isOne();
  }

  @Test
  void run_thatCantBeKept_isRemoved() {
    world.steps.fail("kill", 1, DefaultContainerRunnerTest::nodeFault);

    assertThat(world.run(true)).isEqualTo(new RunOutcome.Succeeded());

    assertAllGone();
  }

  private void assertFailed(String reason) {
    assertThat(world.run()).isEqualTo(new RunOutcome.Failed(reason));
    assertThat(world.faults).isEmpty();
    assertAllGone();
  }

  @Test
  void run_pastItsTime_isKilledAndKeepsTheEndOfItsLog() {
    world.limitation = Limitation.builder().executionTimeout(1L).build();
    world.engine.daemon.setProgram(
        container -> RunnerWorld.leave(container, "run-actor.log", "where it hung\n"));

    assertFailed("execution timeout of 1 ms exceeded\nwhere it hung");

    assertThat(world.steps.taken()).containsSubsequence("kill", "wait", "fetch", "remove");
  }

  @Test
  void run_pastItsTime_whoseLogCantBeHad_failsAllTheSame() {
    world.limitation = Limitation.builder().executionTimeout(1L).build();
    world.engine.daemon.setProgram(container -> {});
    world.steps.fail("kill", 1, DefaultContainerRunnerTest::nodeFault);

    assertFailed("execution timeout of 1 ms exceeded\n(the log could not be fetched)");
  }

  /** The ways in which an engine that shuts down makes a program look guilty. */
  static Stream<Consumer<FakeContainer>> looks() {
    return Stream.of(
        container -> container.exit(143),
        container -> container.exit(1),
        container -> container.exit(0),
        container -> {
          RunnerWorld.leaveEmptyArchive(container, "return.json");
          container.exit(0);
        },
        container -> {
          RunnerWorld.succeed(container);
          RunnerWorld.leaveEmptyArchive(container, "out.txt");
        });
  }

  @ParameterizedTest
  @MethodSource("looks")
  void program_thatFailsWhileItsEngineShutsDown_isNotBlamed(Consumer<FakeContainer> look) {
    world.engine.daemon.setProgram(
        container -> {
          look.accept(container);
          world.engine.daemon.beginShutdown();
        });

    assertThatThrownBy(world::run).isInstanceOf(NodeFaultException.class);

    assertThat(world.faults).hasSize(1);
    assertAllGone();
  }

  @ParameterizedTest
  @MethodSource("looks")
  void program_thatFailsOnAnEngineThatStays_fails(Consumer<FakeContainer> look) {
    world.engine.daemon.setProgram(look);

    assertThat(world.run()).isInstanceOf(RunOutcome.Failed.class);

    assertThat(world.steps.count("confirm")).isOne();
    assertThat(world.faults).isEmpty();
  }

  @Test
  void output_thatIsThereAfterARestart_isFetched() {
    world.engine.daemon.setProgram(
        container -> {
          RunnerWorld.succeed(container);
          RunnerWorld.leaveEmptyArchive(container, "out.txt");
          world.steps.on("confirm", () -> RunnerWorld.leave(container, "out.txt", "content"));
        });

    assertThat(world.run()).isEqualTo(new RunOutcome.Succeeded());

    assertThat(world.outputs).containsExactly("out.txt=content");
  }

  @Test
  void result_thatIsNoJson_isShownWithItsPlace() {
    world.engine.daemon.setProgram(
        container -> {
          RunnerWorld.leave(container, "return.json", "OK \u001b[0m 123");
          container.exit(0);
        });

    assertThat(world.run())
        .isInstanceOfSatisfying(
            RunOutcome.Failed.class,
            failed ->
                assertThat(failed.reason())
                    .startsWith(
                        "return.json is not JSON (line 1, column 1: Unrecognized token 'OK'")
                    .contains("it begins with 'OK \uFFFD[0m 123'; it must be {\"Outputs\": "));
  }
}
