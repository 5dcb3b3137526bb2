package com.joyoi.management.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.docker.ContainerSpec;
import com.joyoi.management.docker.DockerException;
import com.joyoi.management.docker.FakeDockerEngine;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.LeftContainer;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.node.NodeConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ContainerReaperTest {
  private static final String MINE = "session";
  private static final String DEAD = "an earlier session";

  private final ContainerWorld world = new ContainerWorld();
  private final List<String> told = new ArrayList<>();

  private String container(String name, String session) {
    return container(name, Map.of(Labels.SESSION, session));
  }

  private String container(String name, Map<String, String> labels) {
    var all = new LinkedHashMap<>(Labels.ofService(ContainerWorld.IDENTITY));
    all.putAll(labels);
    return world.engine.daemon.create(
        new ContainerSpec(
            name,
            "image",
            List.of("bash"),
            false,
            "/",
            Map.of(),
            all,
            Limitation.DEFAULTS,
            null,
            null));
  }

  private void row(String name, String session, Instant keepUntil) {
    world.ledger.record(ContainerLedger.Entry.of(name, world.connection, session, keepUntil));
  }

  private List<String> containers() {
    return world.engine.daemon.containers().stream().map(one -> one.spec().name()).toList();
  }

  private Instant in(Duration time) {
    return world.clock.instant().plus(time);
  }

  @Test
  void removal_thatFails_backsOffToHalfAMinute() {
    container("c", MINE);
    row("c", MINE, Instant.EPOCH);
    world.engine.daemon.setMode(FakeDockerEngine.Mode.FAILS);

    world.reaper.disposeInBackground(world.connection, "c", () -> told.add("stopped"));
    var delays = new ArrayList<Long>();
    for (int i = 0; i < 8; i++) {
      delays.add(world.runNext().delay().toSeconds());
    }

    assertThat(delays).containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L);
    assertThat(told).isEmpty();
    assertThat(world.ledger.names()).containsExactly("c");
  }

  @Test
  void removal_ofWhatHasEnded_tellsSoThoughItFails() {
    container("c", MINE);
    row("c", MINE, Instant.EPOCH);
    world.steps.fail("remove", 2, () -> DockerException.nodeFault("device is busy", null));

    world.reaper.disposeInBackground(world.connection, "c", () -> told.add("stopped"));

    assertThat(told).containsExactly("stopped");
    assertThat(world.ledger.names()).containsExactly("c");
    world.runNext();
    world.runNext();
    assertThat(told).containsExactly("stopped");
    assertThat(containers()).isEmpty();
    assertThat(world.ledger.names()).isEmpty();
  }

  @Test
  void removal_ofWhatStillRuns_tellsWhenItHasSucceeded() {
    world.engine.daemon.setProgram(container -> {});
    world.engine.daemon.start(container("c", MINE));
    world.steps.fail("remove", 1, () -> DockerException.nodeFault("device is busy", null));

    world.reaper.disposeInBackground(world.connection, "c", () -> told.add("stopped"));
    assertThat(told).isEmpty();
    world.runNext();

    assertThat(told).containsExactly("stopped");
  }

  @Test
  void removal_thatThrowsWhatNobodyExpects_isTriedAgain() {
    container("c", MINE);
    world.steps.fail("remove", 1, () -> new IllegalStateException("a fault of ours"));

    world.reaper.disposeInBackground(world.connection, "c", () -> told.add("stopped"));
    world.runNext();

    assertThat(told).containsExactly("stopped");
    assertThat(containers()).isEmpty();
  }

  @Test
  void removal_onANodeThatDoesNotAnswer_isTriedLater() {
    container("c", MINE);

    world.reaper.disposeLater(world.connection, "c", () -> told.add("stopped"));

    assertThat(containers()).containsExactly("c");
    world.runNext();
    assertThat(told).containsExactly("stopped");
    assertThat(containers()).isEmpty();
  }

  @Test
  void reaper_stopped_triesNoMore() {
    container("c", MINE);
    world.engine.daemon.setMode(FakeDockerEngine.Mode.FAILS);
    world.reaper.stop();

    world.reaper.disposeInBackground(world.connection, "c", () -> told.add("stopped"));

    assertThat(world.timers.isEmpty()).isTrue();
    assertThat(told).isEmpty();
  }

  @Test
  void reaper_closing_removesWhatItsSessionHasMade() {
    container("forgotten", MINE);
    row("forgotten", MINE, Instant.EPOCH);
    container("kept", MINE);
    row("kept", MINE, in(Duration.ofHours(1)));
    container("of another", DEAD);
    row("of another", DEAD, Instant.EPOCH);
    container("failed", MINE);
    row("failed", MINE, Instant.EPOCH);
    world.steps.fail("remove failed", 1, () -> DockerException.nodeFault("device is busy", null));
    world.reaper.disposeInBackground(world.connection, "failed", () -> {});
    container("in doubt", MINE);
    world.reaper.disposeLater(world.connection, "in doubt", () -> {});

    world.reaper.close(List.of(world.connection));

    assertThat(containers()).containsExactly("kept", "of another");
    assertThat(world.ledger.names()).containsExactly("kept", "of another");
  }

  @Test
  void removal_ofASandboxThatEmptiesItsDisk_isTriedLaterOnlyAfterItsEnd() {
    world.engine.daemon.setProgram(container -> {});
    world.engine.daemon.start(container("c", MINE));
    world.steps.fail("wait", 1, () -> DockerException.nodeFault("connection refused", null));
    world.steps.on("remove", () -> told.add("remove"));

    world.reaper.disposeInBackground(world.connection, "c", true, () -> told.add("stopped"));
    assertThat(told).isEmpty();
    world.steps.on("wait", () -> world.engine.daemon.containers().getFirst().exit(0));
    world.runNext();

    assertThat(told).containsExactly("remove", "stopped");
    assertThat(containers()).isEmpty();
  }

  @Test
  void sweep_ofADeadSessionsSandbox_letsItEmptyItsDisk() {
    world.engine.daemon.setProgram(container -> {});
    var onDisk = container("c", Map.of(Labels.SESSION, DEAD, Labels.DISK, "true"));
    world.engine.daemon.start(onDisk);
    world.steps.on("wait", () -> world.engine.daemon.containers().getFirst().exit(0));

    world.sweep();

    assertThat(world.steps.taken()).endsWith("wait", "remove", "forget");
    assertThat(containers()).isEmpty();
  }

  @Test
  void reaper_closing_letsASandboxEmptyItsDisk() throws Exception {
    var waits = new CountDownLatch(1);
    var reaper =
        new ContainerReaper(
            ContainerWorld.IDENTITY,
            () -> true,
            world.ledger,
            world.timers,
            world.clock,
            Thread::startVirtualThread);
    world.engine.daemon.setProgram(container -> {});
    world.engine.daemon.start(container("c", MINE));
    row("c", MINE, Instant.EPOCH);
    world.steps.on("wait", waits::countDown);
    world.steps.on("remove", () -> told.add("removed"));
    reaper.disposeInBackground(world.connection, "c", true, () -> {});
    waits.await();
    container("other", MINE);
    row("other", MINE, Instant.EPOCH);
    // Whatever else there is goes first.
    world.steps.on(
        "remove other",
        () -> {
          told.add("other");
          world.engine.daemon.containers().getFirst().exit(0);
        });

    reaper.close(List.of(world.connection));

    assertThat(told).containsExactly("removed", "other", "removed");
    assertThat(containers()).isEmpty();
  }

  @Test
  void reaper_closing_leavesSandboxesThatMayHaveADiskToEmpty() {
    world.engine.daemon.setProgram(container -> {});
    for (var name : List.of("in doubt", "in use", "ended")) {
      world.engine.daemon.start(container(name, Map.of(Labels.SESSION, MINE, Labels.DISK, "true")));
      row(name, MINE, Instant.EPOCH);
    }
    world.reaper.disposeLater(world.connection, "in doubt", true, () -> {});
    world.engine.daemon.containers().getLast().exit(0);

    world.reaper.close(List.of(world.connection));

    assertThat(containers()).containsExactly("in doubt", "in use");
    assertThat(world.ledger.names()).containsExactly("in doubt", "in use");
  }

  @Test
  void sweep_removesWhatDeadSessionsLeft() {
    container("dead", DEAD);
    row("dead", DEAD, Instant.EPOCH);
    container("dead without row", DEAD);
    row("dead without container", DEAD, Instant.EPOCH);

    world.sweep();

    assertThat(containers()).isEmpty();
    assertThat(world.ledger.names()).isEmpty();
  }

  @Test
  void sweep_whenTheNameHasANewOwner_removesNothing() {
    container("new owner's", DEAD);
    row("new owner's, being created", DEAD, Instant.EPOCH);
    world.isOwner = false;

    world.sweep();

    assertThat(containers()).containsExactly("new owner's");
    assertThat(world.ledger.names()).containsExactly("new owner's, being created");
  }

  @Test
  void containersOfASilentSession_areRemovedFromANode_andNoOthers() {
    container("left", DEAD);
    row("left", DEAD, Instant.EPOCH);
    world.engine.daemon.start(container("kept", Map.of(Labels.SESSION, DEAD, Labels.KEPT, "true")));
    container("kept, not begun", Map.of(Labels.SESSION, DEAD, Labels.KEPT, "true"));
    container("later session's", MINE);
    world.engine.daemon.setProgram(container -> {});
    var running = container("kept, running", Map.of(Labels.SESSION, DEAD, Labels.KEPT, "true"));
    world.engine.daemon.start(running);
    world.engine.daemon.start(
        container("emptying", Map.of(Labels.SESSION, DEAD, Labels.DISK, "true")));
    var isAbandoned = new AtomicBoolean();
    var left =
        new LeftContainers(
            new SessionIdentity("installation", "service", DEAD), world.ledger, isAbandoned::get);

    left.removeFrom(world.connection);
    assertThat(containers()).hasSize(6);

    isAbandoned.set(true);
    left.removeFrom(world.connection);
    assertThat(containers())
        .containsExactly("kept", "later session's", "kept, running", "emptying");
    assertThat(world.engine.daemon.inspect(running).orElseThrow().running()).isFalse();
    assertThat(world.ledger.names()).isEmpty();
  }

  @Test
  void containersOfASession_countWhileSomethingRunsOrMayBegin() {
    world.engine.daemon.start(container("ended", DEAD));
    world.engine.daemon.start(
        container("kept, ended", Map.of(Labels.SESSION, DEAD, Labels.KEPT, "true")));
    container("later session's", MINE);
    var dead = new SessionIdentity("installation", "service", DEAD);
    assertThat(LeftContainers.count(world.connection, dead)).isZero();

    container("kept, not begun", Map.of(Labels.SESSION, DEAD, Labels.KEPT, "true"));
    assertThat(LeftContainers.count(world.connection, dead)).isEqualTo(1);
    world.engine.daemon.setProgram(container -> {});
    world.engine.daemon.start(container("running", DEAD));
    assertThat(LeftContainers.count(world.connection, dead)).isEqualTo(2);
  }

  @Test
  void sweep_ofAKeptOneThatADeadSessionNeverStarted_removesIt() {
    container("kept", Map.of(Labels.SESSION, DEAD, Labels.KEPT, "true"));
    row("kept", DEAD, in(Duration.ofHours(1)));

    world.sweep();

    assertThat(containers()).isEmpty();
  }

  @Test
  void sweep_ofANodeInTheSamePlace_removesWhatWasGivenUp() {
    for (var name : List.of("pending", "handed over later", "successor's")) {
      container(name, MINE);
      row(name, MINE, Instant.EPOCH);
    }
    var old = new NodeConnection(world.connection.options(), new FakeDockerEngine());
    old.engine().close();
    world.reaper.disposeInBackground(old, "pending", () -> told.add("stopped"));
    world.reaper.giveUp(old);
    world.runNext();
    world.reaper.disposeInBackground(old, "handed over later", () -> told.add("stopped"));
    assertThat(world.timers.isEmpty()).isTrue();

    world.sweep();

    assertThat(containers()).containsExactly("successor's");
    assertThat(world.ledger.names()).containsExactly("successor's");
    assertThat(told).isEmpty();
  }

  @Test
  void containersOfASilentSession_onANodeThatIsAway_areRememberedUntilItIsBack() {
    container("left", DEAD);
    row("left", DEAD, Instant.EPOCH);
    var left =
        new LeftContainers(
            new SessionIdentity("installation", "service", DEAD), world.ledger, () -> true);

    world.engine.daemon.setMode(FakeDockerEngine.Mode.FAILS);
    assertThatThrownBy(() -> left.removeFrom(world.connection)).isInstanceOf(DockerException.class);
    assertThat(world.ledger.names()).containsExactly("left");

    world.engine.daemon.setMode(FakeDockerEngine.Mode.ANSWERS);
    world.steps.fail("remove", 1, () -> DockerException.nodeFault("connection refused", null));
    left.removeFrom(world.connection);
    assertThat(world.ledger.names()).containsExactly("left");

    left.removeFrom(world.connection);
    assertThat(containers()).isEmpty();
    assertThat(world.ledger.names()).isEmpty();
  }

  @Test
  void sweep_sparesWhatThisSessionRunsOrIsAboutToCreate() {
    container("running", MINE);
    row("running", MINE, Instant.EPOCH);
    row("being created", MINE, Instant.EPOCH);

    world.sweep();

    assertThat(containers()).containsExactly("running");
    assertThat(world.ledger.names()).containsExactly("being created", "running");
  }

  @Test
  void sweep_removesWhatIsOfANodeThatIsGone_underWhateverNameItsEngineIs() {
    container("of this session", MINE);
    container("of a dead one", DEAD);
    for (var name : List.of("of this session", "of a dead one")) {
      world.ledger.record(
          new ContainerLedger.Entry(name, "old", "tcp://old:2376", MINE, Instant.EPOCH));
    }
    assertThat(world.left.all(() -> List.of(world.connection)))
        .containsExactlyInAnyOrder(
            new LeftContainer("of this session", "old", "tcp://old:2376"),
            new LeftContainer("of a dead one", "old", "tcp://old:2376"));

    world.sweep();

    assertThat(containers()).isEmpty();
    assertThat(world.ledger.names()).isEmpty();
  }

  @Test
  void sweep_sparesWhatRunsOnTheSameEngineUnderAnotherName() {
    var other = connection("other", "tcp://other-name:2376");
    container("running", MINE);
    world.ledger.record(ContainerLedger.Entry.of("running", other, MINE, Instant.EPOCH));

    world.reaper.sweep(world.connection, () -> List.of(world.connection, other));

    assertThat(containers()).containsExactly("running");
    assertThat(world.ledger.names()).containsExactly("running");
  }

  @Test
  void sweep_ofANodeWithANewAddress_forgetsNothingOfTheOldOne() {
    var moved = connection("node", "tcp://elsewhere:2376");
    row("on the old one", DEAD, Instant.EPOCH);

    world.reaper.sweep(moved, () -> List.of(moved));

    assertThat(world.ledger.names()).containsExactly("on the old one");
    assertThat(world.left.all(() -> List.of(moved))).hasSize(1);
    world.sweep();
    assertThat(world.ledger.names()).isEmpty();
  }

  @Test
  void sweep_ofANodeWhoseAddressIsWrittenInAnotherWay_knowsIt() {
    var same = connection("renamed", "https://NODE:2376/");
    row("c", DEAD, Instant.EPOCH);
    world.ledger.record(
        new ContainerLedger.Entry("of an older version", "renamed", null, DEAD, Instant.EPOCH));

    world.reaper.sweep(same, () -> List.of(same));

    assertThat(world.ledger.names()).isEmpty();
  }

  private NodeConnection connection(String name, String address) {
    return new NodeConnection(
        new NodeOptions(name, "image", address, null, ContainerOptions.DEFAULTS), world.engine);
  }

  @Test
  void clear_removesAllOfTheNodeAndNothingOfAnotherOne() {
    var other = connection("other", "tcp://other-name:2376");
    container("kept", MINE);
    container("of a dead session", DEAD);
    container("running elsewhere", MINE);
    row("kept", MINE, in(Duration.ofHours(1)));
    row("without container", DEAD, Instant.EPOCH);
    world.ledger.record(ContainerLedger.Entry.of("running elsewhere", other, MINE, Instant.EPOCH));

    world.left.clear(world.connection);

    assertThat(containers()).containsExactly("running elsewhere");
    assertThat(world.ledger.names()).containsExactly("running elsewhere");
  }

  @Test
  void clear_byOneWhoHasLostTheName_removesNothing() {
    container("c", MINE);
    world.isOwner = false;

    world.left.clear(world.connection);

    assertThat(containers()).containsExactly("c");
  }

  @Test
  void sweep_removesWhatALostCreateMadeAfterItsRunHadEnded() {
    container("late", MINE);

    world.sweep();

    assertThat(containers()).isEmpty();
  }

  @Test
  void sweep_neverTouchesOthers() {
    container("other service", Map.of(Labels.SERVICE, "other", Labels.SESSION, DEAD));
    container("other installation", Map.of(Labels.INSTALLATION, "other", Labels.SESSION, DEAD));

    world.sweep();

    assertThat(containers()).containsExactly("other service", "other installation");
  }

  @Test
  void sweep_keepsKeptContainersForTheirTimeAndStopsThoseOfTheDead() {
    world.engine.daemon.setProgram(container -> {});
    var kept = container("kept", DEAD);
    row("kept", DEAD, in(Duration.ofHours(1)));
    world.engine.daemon.start(kept);
    container("mine", MINE);
    row("mine", MINE, in(Duration.ofHours(1)));

    world.sweep();

    assertThat(containers()).containsExactly("kept", "mine");
    assertThat(world.engine.daemon.inspect(kept).orElseThrow().running()).isFalse();

    world.clock.advance(Duration.ofHours(2));
    world.sweep();

    assertThat(containers()).isEmpty();
    assertThat(world.ledger.names()).isEmpty();
  }

  @Test
  void sweep_whereOneRemovalFails_triesAllAndSaysSo() {
    container("first", DEAD);
    row("first", DEAD, Instant.EPOCH);
    container("second", DEAD);
    world.steps.fail("remove first", 1, () -> DockerException.nodeFault("device is busy", null));

    assertThatThrownBy(() -> world.sweep()).hasMessage("device is busy");

    assertThat(containers()).containsExactly("first");
    assertThat(world.ledger.names()).containsExactly("first");
  }

  @Test
  void sweepAll_withANodeThatIsDown_ends() {
    row("dead", DEAD, Instant.EPOCH);
    world.engine.daemon.setMode(FakeDockerEngine.Mode.FAILS);

    world.reaper.sweepAll(() -> List.of(world.connection)).join();

    assertThat(world.ledger.names()).containsExactly("dead");
  }

  @Test
  void kept_moreThanThreeOnANode_oldestGo() {
    for (int i = 0; i < 5; i++) {
      container("kept " + i, Map.of(Labels.SESSION, MINE, Labels.KEPT, "true"));
    }

    world.reaper.keep(world.connection, "kept 4");

    assertThat(containers()).hasSize(3);
  }
}
