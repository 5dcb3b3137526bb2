package com.joyoi.management.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.docker.FakeAttachment;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.node.SandboxShape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiveSandboxTest {
  private final ContainerWorld world = new ContainerWorld();
  private final FakeAttachment attachment = new FakeAttachment();
  private final LiveSandbox sandbox = made();
  private final List<String> told = new ArrayList<>();

  private LiveSandbox made() {
    return made(false);
  }

  private LiveSandbox made(boolean onDisk) {
    world.engine.daemon.setProgram(container -> {});
    world.engine.daemon.setAttachment(attachment);
    attachment.says("joyoi-sandbox 1 1 agent reset\nok\n");
    var sandboxes = new Sandboxes(ContainerWorld.IDENTITY, world.ledger, world.reaper);
    return (LiveSandbox)
        sandboxes.make(world.connection, new SandboxShape(Limitation.DEFAULTS, onDisk)).join();
  }

  private void assertGone() {
    assertThat(attachment.isClosed()).isTrue();
    assertThat(world.engine.daemon.containers()).isEmpty();
    assertThat(world.ledger.names()).isEmpty();
  }

  @Test
  void reset_thatLeavesNothing_allowsAnotherRun() {
    attachment.says("clean\n");

    assertThat(sandbox.reset()).isTrue();
    assertThat(attachment.heard()).endsWith("reset\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"condemned something still runs\n", "error space no room\n", "what\n", "cle", ""})
  void reset_thatMayLeaveSomething_allowsNone(String answer) {
    attachment.says(answer);

    assertThat(sandbox.reset()).isFalse();
  }

  @Test
  void reset_withoutAnswer_allowsNone() {
    attachment.staysSilent();

    assertThat(sandbox.reset()).isFalse();
  }

  @Test
  void connection_thatHasEnded_isNoSandboxAnyMore() {
    assertThat(sandbox.reset()).isFalse();

    assertThat(sandbox.isAlive()).isFalse();
  }

  @Test
  void discard_always_leavesNothing() {
    sandbox.discard();

    assertGone();
  }

  /** Its container need not be killed then. */
  @Test
  void discard_whenNothingRuns_letsItEndByItselfBefore() {
    var ended = new ArrayList<Boolean>();
    world.steps.on("remove", () -> ended.add(attachment.isEnded()));

    sandbox.discard();

    assertThat(ended).containsExactly(true);
  }

  @Test
  void discard_whileSomethingRuns_tellsWhenNothingDoes() {
    sandbox.discard(() -> told.add("stopped"));

    assertThat(told).containsExactly("stopped");
    assertThat(attachment.isEnded()).isFalse();
    assertGone();
  }

  @Test
  void discardLater_leavesTheNodeAlone() {
    sandbox.discardLater(() -> told.add("stopped"));

    assertThat(attachment.isClosed()).isTrue();
    assertThat(told).isEmpty();
    world.runNext();
    assertThat(told).containsExactly("stopped");
    assertGone();
  }

  @Test
  void discard_withADiskToEmpty_waitsForItsEnd() {
    sandbox.discard();
    var onDisk = made(true);
    // It sees that its connection has ended.
    world.steps.on("wait", () -> world.engine.daemon.containers().getFirst().exit(0));

    onDisk.discard(() -> told.add("stopped"));

    assertThat(world.steps.taken()).endsWith("wait", "remove", "forget");
    assertThat(told).containsExactly("stopped");
    assertGone();
  }
}
