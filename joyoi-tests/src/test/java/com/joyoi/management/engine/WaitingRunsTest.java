package com.joyoi.management.engine;

import static com.joyoi.management.engine.EngineWorld.machineReturning;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.model.InstanceStatus;
import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that wait for a node, as many as there may be. */
class WaitingRunsTest {
  private static final int FEW = 500;
  private static final int MANY = 2_000;

  /** Each writes a file of all threads: far longer than it takes a thread to end. */
  private static final int MOST_LOOKS = 1_000;

  /** About twice what was measured: with the threads and stacks of before it was three times it. */
  private static final long MAX_BYTES = 13_000;

  private final EngineWorld world = new EngineWorld();

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @AfterEach
  void close() {
    world.close();
  }

  private void registerMachine() {
    world.machine(
        "M", () -> machineReturning(machine -> machine.begin("ok").thenAccept(run -> {})));
  }

  private void start(int count) throws InterruptedException {
    world.nodes.fill();
    registerMachine();
    for (int i = 0; i < count; i++) {
      world.create("M");
    }
    for (int i = 0; i < count; i++) {
      var unused = world.nodes.awaitWaiter();
    }
  }

  @Test
  void waitingRuns_haveNoThread() throws InterruptedException, IOException {
    long before = virtualThreads();
    start(FEW);

    // The last ones are about to end.
    long more = Long.MAX_VALUE;
    for (int look = 0; look < MOST_LOOKS && more > FEW / 10; look++) {
      more = virtualThreads() - before;
    }
    assertThat(more).isLessThanOrEqualTo(FEW / 10);
    assertThat(world.engine.runningInstances()).isEqualTo(FEW);
  }

  private long virtualThreads() throws IOException {
    var dump = folder.resolve("threads-" + System.nanoTime());
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpThreads(dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
    try (var lines = Files.lines(dump)) {
      return lines.filter(line -> line.startsWith("#") && line.contains("\" virtual")).count();
    }
  }

  @Test
  void waitingInstance_takesFewBytes() throws InterruptedException {
    start(FEW);
    long few = usedBytes();
    start(MANY);

    var each = (usedBytes() - few) / MANY;
    assertThat(each).isLessThan(MAX_BYTES);
  }

  /** After collections, as long as one frees something. */
  private static long usedBytes() {
    var runtime = Runtime.getRuntime();
    long before;
    long used = Long.MAX_VALUE;
    do {
      before = used;
      System.gc();
      used = runtime.totalMemory() - runtime.freeMemory();
    } while (used < before);
    return before;
  }

  @Test
  void waitingRun_thatGetsANode_ends() throws InterruptedException {
    world.nodes.fill();
    registerMachine();
    var instance = world.create("M");

    world.nodes.awaitWaiter().complete(world.nodes.lease());

    assertThat(world.ended(instance).status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(world.containers.runs).containsExactly("ok");
    assertThat(world.timers.pending()).doesNotContain("why a run waits");
  }

  @Test
  void waitingRun_whoseInstanceIsDeleted_leavesTheQueue() throws InterruptedException {
    world.nodes.fill();
    registerMachine();
    var instance = world.create("M");
    var waiter = world.nodes.awaitWaiter();

    world.engine.delete(instance.id());

    assertThatThrownBy(waiter::join).isInstanceOf(CancellationException.class);
    assertThat(world.containers.runs).isEmpty();
  }

  @Test
  void runThatFailedOnItsNode_isTriedAgainAfterAPause() throws InterruptedException {
    world.containers.nodeFaults.set(1);
    registerMachine();
    var instance = world.create("M");

    world.timers.awaitPending("next attempt");
    world.timers.advance(Duration.ofMillis(500));

    assertThat(world.ended(instance).status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(world.containers.runs).containsExactly("ok", "ok");
  }

  @Test
  void runThatWaitsAgainAfterAnAttempt_isShownToWait() throws InterruptedException {
    world.containers.nodeFaults.set(1);
    registerMachine();
    var instance = world.create("M");
    world.timers.awaitPending("next attempt");
    world.nodes.fill();
    world.timers.advance(Duration.ofMillis(500));
    var waiter = world.nodes.awaitWaiter();
    world.timers.awaitPending("why a run waits");

    world.timers.advance(Duration.ofSeconds(3));
    // The next look is set when this one is over.
    world.timers.awaitPending("why a run waits");

    assertThat(world.now(instance).exception()).startsWith("actor ok waits for a node");
    waiter.complete(world.nodes.lease());
    assertThat(world.ended(instance).exception()).isNull();
  }
}
