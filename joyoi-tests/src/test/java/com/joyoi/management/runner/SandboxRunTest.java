package com.joyoi.management.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.container.LiveSandbox;
import com.joyoi.management.container.Sandboxes;
import com.joyoi.management.docker.DockerException;
import com.joyoi.management.docker.FakeAttachment;
import com.joyoi.management.docker.FakeDockerEngine.FakeContainer;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.node.SandboxShape;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs in the sandbox of their lease, and what becomes of it. */
class SandboxRunTest {
  private static final String PUT = "ok\n";
  private static final String RESULT = "{\"Outputs\": []}";
  private static final String RETURNED = file(RESULT);
  private static final String CLEAN = "clean\n";

  private final RunnerWorld world = new RunnerWorld();
  private final FakeAttachment attachment = new FakeAttachment();

  private static String ran(int exitCode, int oomKills, int survivors, String end) {
    return "ran exitCode=%d wallUs=1 oomKills=%d killed=0 survivors=%d end=%s\n"
        .formatted(exitCode, oomKills, survivors, end);
  }

  private static String ran(int exitCode) {
    return ran(exitCode, 0, 0, "exit");
  }

  private static String file(String content) {
    return "file %1$d %1$d\n%2$sok\n".formatted(content.length(), content);
  }

  @BeforeEach
  void makeSandbox() {
    world.engine.daemon.setProgram(container -> {});
    world.engine.daemon.setAttachment(attachment);
    attachment.says("joyoi-sandbox 1 1 agent reset cache\nok\n");
    world.sandbox =
        new Sandboxes(RunnerWorld.IDENTITY, world.ledger, world.reaper)
            .make(world.connection, new SandboxShape(Limitation.DEFAULTS, false))
            .join();
  }

  private FakeContainer container() {
    return world.engine.daemon.containers().getFirst();
  }

  private RunOutcome run(String... answers) {
    attachment.says(String.join("", answers));
    return world.run();
  }

  private void assertUsedAgain() {
    assertThat(world.steps.count("return")).isOne();
    assertThat(world.steps.count("release")).isZero();
    assertThat(world.engine.daemon.containers()).hasSize(1);
    assertThat(attachment.isClosed()).isFalse();
  }

  private void assertDiscarded() {
    assertThat(world.steps.count("return")).isZero();
    assertThat(world.steps.count("release")).isOne();
    assertThat(world.engine.daemon.containers()).isEmpty();
    assertThat(world.ledger.names()).isEmpty();
    assertThat(attachment.isClosed()).isTrue();
  }

  private static void assertFailed(RunOutcome outcome, String start) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            RunOutcome.Failed.class, failed -> assertThat(failed.reason()).startsWith(start));
  }

  @Test
  void run_thatSucceeds_leavesACleanSandbox() {
    assertThat(run(PUT, ran(0), RETURNED, CLEAN)).isEqualTo(new RunOutcome.Succeeded());

    assertUsedAgain();
  }

  @Test
  void run_thatFails_leavesACleanSandbox() {
    assertFailed(run(PUT, ran(3), "none\n", CLEAN), "the actor ended with exit code 3");

    assertUsedAgain();
  }

  @Test
  void slot_thatIsNotHeldAnyMore_startsNothing() {
    world.held = false;

    assertThatThrownBy(() -> run(PUT)).isInstanceOf(NodeFaultException.class);

    assertThat(world.faults).isEmpty();
    assertDiscarded();
  }

  @Test
  void sandbox_thatServesOnce_isNotReset() {
    world.reusable = false;

    assertThat(run(PUT, ran(0), RETURNED)).isEqualTo(new RunOutcome.Succeeded());

    assertDiscarded();
    assertThat(attachment.heard()).doesNotContain("reset");
  }

  @Test
  void sandbox_thatIsCondemned_isDiscarded() {
    assertThat(run(PUT, ran(0), RETURNED, "condemned shared memory is left\n"))
        .isEqualTo(new RunOutcome.Succeeded());

    assertDiscarded();
  }

  @Test
  void run_pastItsTime_isTheSandboxsLast() {
    assertFailed(run(PUT, ran(137, 0, 0, "deadline"), "none\n"), "execution timeout of");

    assertDiscarded();
    // Nothing of it runs any more, so the slot need not wait for the removal.
    assertThat(world.steps.taken()).containsSubsequence("release", "remove");
  }

  @Test
  void run_ofWhichSomethingSurvives_keepsTheSlotUntilItsContainerIsGone() {
    assertThat(run(PUT, ran(0, 0, 1, "exit"), RETURNED)).isEqualTo(new RunOutcome.Succeeded());

    assertDiscarded();
    assertThat(world.steps.taken()).containsSubsequence("remove", "release");
  }

  @Test
  void run_outOfMemory_isTheSandboxsLast() {
    assertFailed(run(PUT, ran(137, 1, 0, "exit"), "none\n"), "out of memory");

    assertDiscarded();
  }

  @Test
  void run_thatOutlivedAKillForMemory_leavesACleanSandbox() {
    assertThat(run(PUT, ran(0, 1, 0, "exit"), RETURNED, CLEAN))
        .isEqualTo(new RunOutcome.Succeeded());

    assertUsedAgain();
  }

  @Test
  void removal_thatFails_costsNoSlotWhenNothingRuns() {
    world.reusable = false;
    world.steps.fail("remove", 1, () -> DockerException.nodeFault("busy", null));

    run(PUT, ran(0), RETURNED);

    assertThat(world.steps.count("release")).isOne();
    assertThat(world.ledger.names()).hasSize(1);
    world.runNext();
    assertDiscarded();
  }

  @Test
  void sandbox_thatEndsByItself_isTheProgramsFault() {
    container().exit(3);

    assertFailed(run(PUT), "the sandbox died");

    assertDiscarded();
    assertThat(world.faults).isEmpty();
  }

  @Test
  void run_thatNobodyWantsAnyMore_isNoFaultOfTheNode() {
    container().exit(137);
    world.wanted = false;

    assertThatThrownBy(() -> run(PUT)).isInstanceOf(CancellationException.class);

    assertDiscarded();
    assertThat(world.faults).isEmpty();
  }

  @Test
  void sandbox_thatIsStillTakenForTheRunsPlace_servesNobodyElse() {
    world.left = CompletableFuture.completedFuture(false);

    assertThat(run(PUT, ran(0), RETURNED, CLEAN)).isEqualTo(new RunOutcome.Succeeded());

    assertDiscarded();
  }

  @Test
  void sandbox_isGivenBackWhenNobodyTakesItForTheRunsPlaceAnyMore() throws Exception {
    world.left = new CompletableFuture<>();
    world.threads = Thread::startVirtualThread;
    assertThat(run(PUT, ran(0), RETURNED, CLEAN)).isEqualTo(new RunOutcome.Succeeded());
    assertThat(world.steps.count("return")).isZero();

    world.left.complete(true);

    world.released.await();
    assertUsedAgain();
  }

  @Test
  void container_thatIsEndedForAnotherService_isKilledAndStays() {
    world.end(container().id());

    assertThat(world.engine.daemon.inspect(container().id()).orElseThrow().running()).isFalse();
    world.end("another");
    assertThat(world.steps.count("kill")).isOne();
  }

  @Test
  void run_cancelledWhileItsNodeIsAway_isRememberedUntilItIsBack() {
    world.steps.fail("remove", 2, () -> DockerException.nodeFault("connection refused", null));
    world.steps.on("placed", () -> world.cancellation.cancel("the instance was deleted"));

    assertThatThrownBy(() -> run(PUT)).isInstanceOf(CancellationException.class);
    assertThat(world.ledger.names()).hasSize(1);
    world.runNext();
    assertThat(world.ledger.names()).hasSize(1);

    world.runNext();
    assertDiscarded();
  }

  @Test
  void container_withADisk_isLeftToItsService() {
    attachment.says("joyoi-sandbox 1 1 agent reset cache\nok\n");
    var onDisk =
        new Sandboxes(RunnerWorld.IDENTITY, world.ledger, world.reaper)
            .make(world.connection, new SandboxShape(Limitation.DEFAULTS, true))
            .join();

    world.end(((LiveSandbox) onDisk).id());

    assertThat(world.steps.count("kill")).isZero();
  }

  @Test
  void connection_thatIsCut_isTheNodesFault() {
    container().exit(137);

    assertThatThrownBy(() -> run(PUT)).isInstanceOf(NodeFaultException.class);

    assertDiscarded();
    assertThat(world.faults).hasSize(1);
  }

  @Test
  void run_cancelledBefore_leavesTheSandboxAsItWas() {
    world.cancellation.cancel("deleted");

    assertThatThrownBy(this::run).isInstanceOf(CancellationException.class);

    assertUsedAgain();
  }

  @Test
  void input_withABadName_leavesTheSandboxAsItWas() {
    assertThat(world.run("../escape")).isInstanceOf(RunOutcome.Failed.class);

    assertUsedAgain();
  }

  @Test
  void listener_thatFails_leavesTheSandboxAsItWas() {
    world.steps.fail("placed", 1, () -> DockerException.refused("stale", null));

    assertThatThrownBy(this::run).hasMessage("stale");

    assertUsedAgain();
  }

  @Test
  void input_seenBefore_isKeptAndThenSentNoMore() {
    attachment.says(PUT + ran(0) + RETURNED + CLEAN);
    world.run("in");
    var live = (LiveSandbox) world.sandbox;
    assertThat(live).isNotNull();

    attachment.says(PUT + "ok\nok\n" + ran(0) + RETURNED + CLEAN);
    world.run("in");
    attachment.says(PUT + "ok\n" + ran(0) + RETURNED + CLEAN);
    world.run("in");

    assertThat(attachment.heard().split("store 0", -1)).hasSize(2);
    assertThat(attachment.heard().split("place 0", -1)).hasSize(3);
    assertThat(world.steps.count("return")).isEqualTo(3);
  }

  @Test
  void node_thatCantBeLookedAt_leavesTheSandboxAsItWas() {
    // As memory that runs out would do there.
    world.steps.on(
        "placed",
        () ->
            world.steps.fail(
                "look at the node", 1, () -> DockerException.refused("no memory", null)));

    assertThatThrownBy(this::run).hasMessage("no memory");

    assertUsedAgain();
  }

  @Test
  void reset_thatThrowsWhatNobodyExpects_losesNoSlot() {
    attachment.onWrite(
        text -> {
          if (text.equals("reset\n")) {
            throw new StackOverflowError("while it was reset");
          }
        });

    assertThatThrownBy(() -> run(PUT, ran(0), RETURNED)).isInstanceOf(StackOverflowError.class);

    assertDiscarded();
  }

  @Test
  void reset_thatNoThreadTakes_losesNoSlot() {
    world.threads =
        task -> {
          throw new RejectedExecutionException("no more threads");
        };

    assertThatThrownBy(() -> run(PUT, ran(0), RETURNED)).hasMessage("no more threads");

    assertDiscarded();
  }

  @Test
  void run_thatIsOver_saysSoBeforeItsSandboxIsReset() {
    attachment.onWrite(
        text -> {
          if (text.equals("reset\n")) {
            assertThat(world.isToReturn).isTrue();
          }
        });

    run(PUT, ran(0), RETURNED, CLEAN);

    assertThat(world.steps.taken()).endsWith("over", "return");
  }

  @Test
  void run_thatIsItsSandboxsLast_saysThatItDoesNotReturn() {
    run(PUT, ran(0, 0, 1, "exit"), RETURNED);

    assertThat(world.isToReturn).isFalse();
    assertThat(world.steps.taken()).containsSubsequence("over", "remove", "release");
  }

  @Test
  void run_onANodeThatDoesNotAnswer_saysThatItsSandboxDoesNotReturn() {
    attachment.onWrite(
        text -> {
          if (text.contains("run ")) {
            throw DockerException.timedOut("it takes nothing", null);
          }
        });

    assertThatThrownBy(() -> run(PUT)).isInstanceOf(NodeFaultException.class);

    assertThat(world.isToReturn).isFalse();
    assertThat(world.steps.count("release")).isZero();
    world.runNext();
    assertDiscarded();
  }
}
