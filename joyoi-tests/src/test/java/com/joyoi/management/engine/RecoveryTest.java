package com.joyoi.management.engine;

import static com.joyoi.management.engine.EngineWorld.SERVICE;
import static com.joyoi.management.engine.EngineWorld.machineOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.engine.StateMachineEngine.Privilege;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.model.Limitation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A service that takes up what was left running while it does everything else. */
class RecoveryTest {
  private static final int LEFT = 40;

  private final EngineWorld died = new EngineWorld();
  private final List<Instance> left = new ArrayList<>();

  /** One for each taking up that may go to the database. */
  private final Semaphore turns = new Semaphore(0);

  private final AtomicInteger begun = new AtomicInteger();
  private EngineWorld world = died;

  @BeforeEach
  void leaveSome() {
    machines(died);
    for (int i = 0; i < LEFT; i++) {
      left.add(died.create("Waits"));
    }
    died.engine.close();
    world = machines(died.again(Limitation.DEFAULTS, LEFT + 1));
    world.before(
        "takeUp",
        () -> {
          begun.incrementAndGet();
          turns.acquireUninterruptibly();
        });
  }

  @AfterEach
  void close() {
    turns.release(LEFT);
    world.close();
    died.close();
  }

  private static EngineWorld machines(EngineWorld world) {
    return world
        .machine("Waits", () -> machineOf(m -> m.actor("wait")))
        .machine("Ends", () -> machineOf(m -> {}));
  }

  private static void awaitDone(CompletableFuture<Void> recovery) {
    recovery.join();
  }

  @Test
  void instances_areTakenUpSomeAtOnce_oldestFirst() {
    var recovery = world.beginRecovery();
    while (begun.get() < 2) {
      Thread.onSpinWait();
    }
    assertThat(recovery).isNotDone();

    turns.release(LEFT);
    awaitDone(recovery);

    assertThat(begun).hasValue(LEFT);
    assertThat(world.engine.runningInstances()).isEqualTo(LEFT);
  }

  @Test
  void calls_areAnsweredBeforeAnythingIsTakenUp() {
    var recovery = world.beginRecovery();
    var deleted = left.get(LEFT - 1);
    var patched = left.get(LEFT - 2);

    assertThat(world.engine.find(deleted.id()).orElseThrow().status())
        .isEqualTo(InstanceStatus.RUNNING);
    assertThat(world.ended(world.create("Ends")).status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(world.engine.delete(deleted.id())).isTrue();
    world.engine.restart(patched.id(), null, null, Privilege.SUBMIT);
    world.containers.awaitWaiter();
    var key = world.now(patched).executionKey();

    turns.release(LEFT);
    awaitDone(recovery);
    assertThat(world.now(patched).executionKey()).isEqualTo(key);
    assertThat(world.engine.runningInstances()).isEqualTo(LEFT - 1);
    assertThat(world.engine.find(deleted.id())).isEmpty();
  }

  @Test
  void instances_thatAreToBeTakenUp_countAsRunning() {
    var recovery = world.beginRecovery();

    var one = world.create("Waits");
    assertThat(one.status()).isEqualTo(InstanceStatus.RUNNING);
    assertThatThrownBy(() -> world.create("Waits"))
        .isInstanceOfSatisfying(
            JoyoiException.class, e -> assertThat(e.kind()).isEqualTo(JoyoiException.Kind.BUSY));
    world.engine.restart(left.getLast().id(), null, null, Privilege.SUBMIT);

    turns.release(LEFT);
    awaitDone(recovery);
  }

  @Test
  void stop_inTheMiddle_leavesTheRestToTheNextStart() {
    var recovery = world.beginRecovery();
    turns.release(LEFT / 2);
    while (world.engine.runningInstances() < LEFT / 2) {
      Thread.onSpinWait();
    }

    world.engine.close();
    turns.release(LEFT);
    awaitDone(recovery);

    assertThat(left).allMatch(it -> world.now(it).status() == InstanceStatus.RUNNING);
    try (var next = machines(died.other(SERVICE))) {
      next.recover();
      next.containers.awaitWaiter();
      next.containers.finishWaiting();
      assertThat(left)
          .extracting(it -> next.ended(it))
          .allMatch(it -> it.status() == InstanceStatus.SUCCEEDED && it.reRunTimes() == 0);
    }
  }

  @Test
  void stop_cancelsBeforeItWritesWhatMayHang() {
    turns.release(LEFT);
    world.recover();
    var runningThen = new AtomicInteger(-1);
    world.before("recordUsed", () -> runningThen.set(world.engine.runningInstances()));

    world.engine.close();

    assertThat(runningThen).hasValue(0);
  }

  @Test
  void delete_byAnotherService_endsARunWhosePlaceIsKnown() throws Exception {
    turns.release(LEFT);
    world.recover();
    world.containers.awaitWaiter();
    var written = new CountDownLatch(LEFT);
    world.before("placeRun", written::countDown);
    while (written.getCount() > 0) {
      world.timers.advance(Engine.PLACES_PERIOD);
      Thread.yield();
    }
    var instance = left.getFirst();
    while (world.now(instance).startedActors().getFirst().usedContainer() == null) {
      Thread.onSpinWait();
    }
    var container = world.now(instance).startedActors().getFirst().usedContainer();

    try (var other = machines(died.other("other"))) {
      assertThat(other.engine.delete(instance.id())).isTrue();
      assertThat(other.containers.ended.take()).isEqualTo(container);

      var patched = left.get(1);
      while (world.now(patched).startedActors().getFirst().usedContainer() == null) {
        Thread.onSpinWait();
      }
      var second = world.now(patched).startedActors().getFirst().usedContainer();
      other.engine.restart(patched.id(), null, null, Privilege.SUBMIT);
      assertThat(other.containers.ended.take()).isEqualTo(second);
    }
  }
}
