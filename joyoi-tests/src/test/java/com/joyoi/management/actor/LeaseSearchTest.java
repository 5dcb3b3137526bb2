package com.joyoi.management.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.concurrent.Cancellation;
import com.joyoi.management.concurrent.ManualTimers;
import com.joyoi.management.docker.DockerException;
import com.joyoi.management.docker.FakeDockerEngine;
import com.joyoi.management.model.ActorLanguage;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.model.SandboxOptions.Reuse;
import com.joyoi.management.node.NodeLease;
import com.joyoi.management.node.NodePool;
import com.joyoi.management.node.NodePool.LeaseRequest;
import com.joyoi.management.node.NodePools;
import com.joyoi.management.node.SandboxFailedException;
import com.joyoi.management.node.SandboxShape;
import com.joyoi.management.node.SandboxWish;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A run's way to a node, after another one has failed it. */
@Timeout(30)
class LeaseSearchTest {
  private final ManualTimers timers = new ManualTimers();
  private final NodePool pool =
      NodePools.start(
          List.of(node("first"), node("second")),
          node -> new FakeDockerEngine(),
          timers,
          timers.clock(),
          failure -> {},
          (node, shape) ->
              CompletableFuture.failedFuture(DockerException.refused("no such limit", null)));

  /** What is to be done on the executor, until the test does it. */
  private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

  private final List<String> told = new ArrayList<>();

  /** Done while it is told why it waits. */
  private Runnable whileTold = () -> {};

  @AfterEach
  void close() {
    pool.close();
  }

  @Test
  void run_whoseOtherNodesLeave_takesTheOneThatFailedItAtOnce() {
    var search =
        new LeaseSearch(pool, task(), null, new Cancellation(), timers, Thread::startVirtualThread);
    var busy = pool.acquire(new LeaseRequest(0, "busy", Set.of("first"))).join();
    search.next().join().release();
    search.failedOn("first", false);
    var next = search.next();
    assertThat(next).isNotDone();

    pool.remove("second");

    assertThat(next.join().node().name()).isEqualTo("first");
    busy.release();
  }

  @Test
  void run_thatWaitsInVainForOtherNodes_takesTheOneThatFailedIt() {
    var search =
        new LeaseSearch(pool, task(), null, new Cancellation(), timers, Thread::startVirtualThread);
    var busy = pool.acquire(new LeaseRequest(0, "busy", Set.of("first"))).join();
    var failed = search.next().join();
    assertThat(failed.node().name()).isEqualTo("first");
    failed.release();
    search.failedOn("first", false);

    var next = search.next();
    assertThat(next).isNotDone();
    timers.advance(Duration.ofSeconds(10));

    var found = next.join();
    assertThat(found.node().name()).isEqualTo("first");
    assertThat(found.number()).isEqualTo(failed.number());
    assertThat(pool.waiting()).isEmpty();
    found.release();
    busy.release();
  }

  private LeaseSearch search(@Nullable SandboxWish wish) {
    return new LeaseSearch(pool, task(), wish, new Cancellation(), timers, tasks::add);
  }

  private void cordonAll(boolean cordoned) {
    pool.cordon("first", cordoned);
    pool.cordon("second", cordoned);
  }

  /** Both nodes have answered. */
  private void awaitNodes() {
    List.of("first", "second")
        .forEach(
            node ->
                pool.acquire(new LeaseRequest(0, "", Set.of(other(node))))
                    .thenAccept(NodeLease::release)
                    .join());
  }

  private static String other(String node) {
    return node.equals("first") ? "second" : "first";
  }

  @Test
  void patience_thatEnds_doesNothingOnTheTimersThread() throws InterruptedException {
    awaitNodes();
    var busy = pool.acquire(new LeaseRequest(0, "busy", Set.of("first"))).join();
    var search = search(null);
    search.failedOn("first", false);
    var next = search.next();

    timers.advance(Duration.ofSeconds(10));
    assertThat(next).isNotDone();
    while (!next.isDone()) {
      tasks.take().run();
    }

    next.join().release();
    busy.release();
  }

  @Test
  void sandbox_thatCouldNotBeMade_costsNoPlaceInTheQueue() {
    awaitNodes();
    pool.cordon("second", true);
    var search =
        search(
            new SandboxWish(
                new SandboxShape(Limitation.DEFAULTS, false),
                Reuse.NEVER,
                UUID.randomUUID(),
                "actor"));
    assertThatThrownBy(search.next()::join).hasCauseInstanceOf(SandboxFailedException.class);
    var busy = pool.acquire(new LeaseRequest(0, "busy", Set.of())).join();
    var later = pool.acquire(new LeaseRequest(0, "later", Set.of()));
    var again = search.next();
    assertThat(again).isNotDone();

    busy.release();

    // It was its turn: the one that came later has the slot only since its sandbox failed again.
    assertThat(again).isCompletedExceptionally();
    later.join().release();
  }

  @Test
  void wait_thatEndsWhileItIsTold_isTakenBackAndLookedAtNoMore() throws InterruptedException {
    awaitNodes();
    cordonAll(true);
    var next = search(null).next();
    whileTold = () -> cordonAll(false);

    timers.advance(Duration.ofSeconds(3));
    tasks.take().run();

    assertThat(told).containsExactly("first is cordoned; second is cordoned", "no more");
    assertThat(timers.pending()).doesNotContain("why a run waits");
    next.join().release();
  }

  @Test
  void wait_thatBeginsWhileTheOneBeforeIsTold_isLookedAtUntilItsOwnEnd()
      throws InterruptedException {
    awaitNodes();
    cordonAll(true);
    var search = search(null);
    search.failedOn("first", false);
    var next = search.next();
    timers.advance(Duration.ofSeconds(3));
    var look = tasks.take();
    timers.advance(Duration.ofSeconds(7));
    var endOfPatience = tasks.take();
    whileTold = endOfPatience;

    look.run();
    cordonAll(false);

    next.join().release();
    assertThat(timers.pending()).doesNotContain("why a run waits");
  }

  private static NodeOptions node(String name) {
    return new NodeOptions(
        name,
        "joyoi",
        "http://" + name + ":2376",
        null,
        ContainerOptions.DEFAULTS.withMaxRunningJobs(1));
  }

  private ActorTask task() {
    return new ActorTask(
        UUID.randomUUID(),
        UUID.randomUUID(),
        "actor",
        new ActorTask.Program(
            0,
            ActorLanguage.BASH,
            () -> {
              throw new AssertionError("nobody runs it");
            }),
        List.of(),
        Limitation.DEFAULTS,
        0,
        false,
        Reuse.NEVER,
        new ActorTask.Placement() {
          @Override
          public void placed(String node, String containerId, String containerName) {}

          @Override
          public void waiting(String reason) {
            told.add(reason);
            whileTold.run();
          }

          @Override
          public void waitsNoMore() {
            told.add("no more");
          }
        },
        (name, content) -> new BlobReference(UUID.randomUUID(), name));
  }
}
