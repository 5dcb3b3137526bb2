package com.joyoi.management.engine;

import static com.joyoi.management.engine.EngineWorld.machineOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.blame.Suspicion;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.usercode.StateMachine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What deaths are blamed on. A service that dies is a world that is used no more: what its machines
 * do as it dies is to run code until the test ends.
 */
class BlameTest {
  @TempDir private Path folder;
  private final List<EngineWorld> worlds = new ArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);

  /** The names of machines that have come to their deed. */
  private final LinkedBlockingQueue<String> deeds = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    end.countDown();
    for (int i = worlds.size() - 1; i >= 0; i--) {
      worlds.get(i).close();
    }
  }

  private Path file() {
    return folder.resolve("code");
  }

  private EngineWorld start() {
    var world =
        worlds.isEmpty() ? EngineWorld.recordingIn(file()) : worlds.get(0).afterDeath(file());
    worlds.add(world);
    world.machine("Kills", () -> machineOf(m -> kill("Kills")));
    world.machine(
        "RunsAndKills",
        () ->
            machineOf(
                m -> {
                  m.actor("ok");
                  kill("RunsAndKills");
                }));
    world.machine("Waits", () -> machineOf(m -> m.actor("wait")));
    world.machine(
        "WaitsForAll",
        () -> machineOf(m -> CompletableFuture.allOf(m.begin("wait"), m.begin("wait")).join()));
    world.recover();
    return world;
  }

  private void kill(String name) {
    deeds.add(name);
    try {
      // A wait with a bound is code as a loop is, and leaves the processors to the test.
      var unused = end.await(10, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitDeed(EngineWorld world) throws InterruptedException {
    while (deeds.poll() == null) {
      world.timers.advance(Quarantine.SETTLED_AFTER);
      Thread.yield();
    }
  }

  private Instance awaitEnd(EngineWorld world, Instance instance) {
    var ended = world.engine.ended(instance.id());
    while (!ended.isDone()) {
      world.timers.advance(Duration.ofMillis(100));
      Thread.yield();
    }
    return ended.join();
  }

  @Test
  void instanceThatKillsTheService_isFoundAtTheThirdDeath_andNobodyElse() throws Exception {
    var first = start();
    var waits = first.create("Waits");
    first.containers.awaitWaiter();
    var kills = first.create("Kills");
    awaitDeed(first);
    var second = start();
    awaitDeed(second);
    assertThat(second.now(kills).reRunTimes()).isZero();
    var third = start();
    awaitDeed(third);
    assertThat(third.now(kills).reRunTimes()).isEqualTo(1);

    var last = start();
    var ended = awaitEnd(last, kills);

    assertThat(ended.status()).isEqualTo(InstanceStatus.FAILED);
    assertThat(ended.exception())
        .isEqualTo(
            "the service died, or ran out of memory, 3 times while the code of this instance ran,"
                + " and the last 2 times while that of no other suspect did; its code is not called"
                + " again, nor is handleErrorAsync");
    assertThat(deeds).isEmpty();
    last.containers.finishWaiting();
    var innocent = awaitEnd(last, waits);
    assertThat(innocent.status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(innocent.reRunTimes()).isZero();
  }

  @Test
  void takingUp_whoseAnswerIsLost_countsOneDeathOnce() throws Exception {
    var first = start();
    var kills = first.create("Kills");
    awaitDeed(first);
    awaitDeed(start());
    var third = first.afterDeath(file());
    worlds.add(third);
    third.machine("Kills", () -> machineOf(m -> kill("Kills")));
    var answers = new AtomicInteger();
    third.after(
        "takeUp",
        () -> {
          if (answers.getAndIncrement() == 0) {
            throw new JoyoiException(JoyoiException.Kind.UNAVAILABLE, "its answer is lost");
          }
        });

    third.recover();
    awaitDeed(third);

    assertThat(answers).hasValue(2);
    assertThat(third.now(kills).reRunTimes()).isEqualTo(1);
  }

  @Test
  void twoThatKill_areFoundOneAfterTheOther() throws Exception {
    var first = start();
    var one = first.create("Kills");
    var other = first.create("RunsAndKills");
    awaitDeed(first);
    awaitDeed(first);

    var deaths = 1;
    var world = start();
    while (world.now(one).status() == InstanceStatus.RUNNING
        || world.now(other).status() == InstanceStatus.RUNNING) {
      awaitDeedOrEnds(world, one, other);
      if (world.now(one).status() == InstanceStatus.RUNNING
          || world.now(other).status() == InstanceStatus.RUNNING) {
        deaths++;
        world = start();
      }
    }

    assertThat(deaths).isLessThanOrEqualTo(5);
  }

  private void awaitDeedOrEnds(EngineWorld world, Instance... instances) {
    while (deeds.poll() == null) {
      if (List.of(instances).stream()
          .allMatch(it -> world.now(it).status() != InstanceStatus.RUNNING)) {
        return;
      }
      world.timers.advance(Quarantine.SETTLED_AFTER);
      Thread.yield();
    }
  }

  @Test
  void suspectThatAFaultSuspends_goesThroughTheQuarantineAgain() throws Exception {
    var starts = new AtomicInteger();
    var first = start();
    first.machine("Faulty", () -> machineOf(m -> kill("Faulty")));
    var faulty = first.create("Faulty");
    first.create("Kills");
    awaitDeed(first);
    awaitDeed(first);

    var second = first.afterDeath(file());
    worlds.add(second);
    second
        .machine("Kills", () -> machineOf(m -> kill("Kills")))
        .machine(
            "Faulty",
            () ->
                machineOf(
                    m -> {
                      starts.incrementAndGet();
                      m.actor("ok large");
                    }));
    second.blobs.failNext(new JoyoiException(JoyoiException.Kind.UNAVAILABLE, "it is away"));
    second.recover();
    awaitDeed(second);
    assertThat(starts).hasValue(1);

    // Its pause is over long before the other one's time in the quarantine.
    second.timers.advance(FaultPauses.FIRST.multipliedBy(2));
    assertThat(starts).hasValue(1);
    assertThat(awaitEnd(second, faulty).status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(starts).hasValue(2);
  }

  @Test
  void suspectThatIsGone_isOneNoMore() throws Exception {
    var first = start();
    var kills = first.create("Kills");
    awaitDeed(first);
    first.database.instances().delete(kills.id());

    start();

    assertThat(start().code.left()).isEmpty();
  }

  @Test
  void suspect_whoseServiceStopsBeforeItsTurn_isStillOne() throws Exception {
    var first = start();
    first.create("Kills");
    var other = first.create("Kills");
    awaitDeed(first);
    awaitDeed(first);
    var second = start();
    awaitDeed(second);
    second.close();

    var third = first.afterDeath(file());
    worlds.add(third);

    assertThat(third.code.suspicion(other.id())).isPresent();
    assertThat(third.code.left()).hasSize(2).noneMatch(Suspicion::proven);
  }

  @Test
  void instanceThatWaitsInAWayOfItsOwn_isNotSuspected() throws Exception {
    var first = start();
    var waits = first.create("WaitsForAll");
    first.containers.awaitWaiter();
    while (first.code.isRunning(waits.id())) {
      first.timers.advance(Watchdog.PERIOD);
      Thread.yield();
    }

    assertThat(start().code.left()).isEmpty();
  }

  @Test
  void lackOfMemory_isNotTheResultOfWhoMetIt() {
    var world = start();
    var tries = new ArrayList<String>();
    world.machine(
        "M",
        () ->
            machineOf(
                m -> {
                  tries.add("once");
                  if (tries.size() == 1) {
                    throw new IllegalStateException(new OutOfMemoryError("Java heap space"));
                  }
                }));

    var ended = awaitEnd(world, world.create("M"));

    assertThat(ended.status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(ended.reRunTimes()).isZero();
    assertThat(world.lacksOfMemory).hasValue(1);
  }

  @Test
  void lackOfMemory_againAndAgain_isTheResult() {
    var world = start();
    world.machine(
        "M",
        () ->
            machineOf(
                m -> {
                  throw new OutOfMemoryError("Java heap space");
                }));

    var ended = awaitEnd(world, world.create("M"));

    assertThat(ended.status()).isEqualTo(InstanceStatus.FAILED);
    assertThat(ended.exception()).contains("ran out of memory, 3 times");
    assertThat(world.lacksOfMemory).hasValue(3);
  }

  @Test
  void endlessRecursion_isTheResultOfWhoeverDoesIt() {
    var world = start();
    world.machine("M", Recursive::new);

    var ended = awaitEnd(world, world.create("M"));

    assertThat(ended.status()).isEqualTo(InstanceStatus.FAILED);
    assertThat(ended.exception()).startsWith("StackOverflowError");
    assertThat(world.lacksOfMemory).hasValue(0);
  }

  private static final class Recursive extends StateMachine {
    @Override
    public CompletableFuture<Void> runAsync() {
      return deeper(1);
    }

    @SuppressWarnings("InfiniteRecursion")
    private CompletableFuture<Void> deeper(int depth) {
      return depth < 0 ? completed() : deeper(depth + 1);
    }
  }
}
