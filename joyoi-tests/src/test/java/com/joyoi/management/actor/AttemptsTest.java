package com.joyoi.management.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.catalog.ActorCatalog.ActorProgram;
import com.joyoi.management.concurrent.Cancellation;
import com.joyoi.management.concurrent.ManualTimers;
import com.joyoi.management.docker.DockerException;
import com.joyoi.management.docker.FakeDockerEngine;
import com.joyoi.management.error.JoyoiException;
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
import com.joyoi.management.runner.NodeFaultException;
import com.joyoi.management.runner.RunOutcome;
import com.joyoi.management.web.fake.FakeBlobs;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What nodes do to a run, and what becomes of it. */
@Timeout(30)
class AttemptsTest {
  private final ManualTimers timers = new ManualTimers();
  private final NodePool pool =
      NodePools.start(
          List.of(node("first"), node("second")),
          node -> new FakeDockerEngine(),
          timers,
          timers.clock(),
          failure -> {},
          (node, shape) -> CompletableFuture.failedFuture(new AssertionError("no wish")));

  /** What is to be done on the executor, until the test does it. */
  private final Queue<Runnable> tasks = new ArrayDeque<>();

  private final List<String> tried = new ArrayList<>();
  private final List<Boolean> suspect = new ArrayList<>();
  private final List<String> told = new ArrayList<>();

  private static NodeOptions node(String name) {
    return new NodeOptions(name, "joyoi", "http://" + name, null, ContainerOptions.DEFAULTS);
  }

  /** Both nodes have answered, and the first is the next to be used. */
  @BeforeEach
  void awaitNodes() {
    for (var excluded : List.of("second", "first")) {
      pool.acquire(new LeaseRequest(0, "", Set.of(excluded))).thenAccept(NodeLease::release).join();
    }
  }

  @AfterEach
  void close() {
    pool.close();
  }

  /** What a node does to the run. */
  private interface Node {
    RunOutcome run(String name);
  }

  private CompletableFuture<ActorResult> run(Node node) {
    var runner =
        new ActorRunner(
            pool,
            (lease, job, cancellation) -> {
              lease.release();
              tried.add(lease.node().name());
              suspect.add(job.suspect());
              return node.run(lease.node().name());
            },
            new FakeBlobs(),
            timers,
            tasks::add);
    var placement =
        new ActorTask.Placement() {
          @Override
          public void placed(String name, String containerId, String containerName) {}

          @Override
          public void waiting(String reason) {
            told.add(reason);
          }
        };
    return runner.run(
        new ActorTask(
            UUID.randomUUID(),
            UUID.randomUUID(),
            "Greeter",
            new ActorTask.Program(
                1, ActorLanguage.BASH, () -> new ActorProgram(ActorLanguage.BASH, new byte[1])),
            List.of(),
            Limitation.DEFAULTS,
            0,
            true,
            Reuse.NEVER,
            placement,
            (name, content) -> new BlobReference(UUID.randomUUID(), name)),
        new Cancellation());
  }

  /** Time passes until it has ended. */
  private void awaitEnd(CompletableFuture<ActorResult> run) {
    while (!run.isDone()) {
      for (var task = tasks.poll(); task != null; task = tasks.poll()) {
        task.run();
      }
      timers.advance(Duration.ofMillis(500));
    }
  }

  private static RunOutcome refuse(String name) {
    throw DockerException.refused("node " + name + " can't keep a limit", null);
  }

  private static RunOutcome fail(String name) {
    throw new NodeFaultException(name, "no space left on device", null);
  }

  @Test
  void run_thatOneNodeRefuses_isDoneByAnother() {
    var run = run(name -> name.equals("first") ? refuse(name) : new RunOutcome.Succeeded());
    awaitEnd(run);

    assertThat(run.join()).isInstanceOf(ActorResult.Succeeded.class);
    assertThat(tried).containsExactly("first", "second");
  }

  @Test
  void run_thatEveryNodeRefuses_hasFailed() {
    var run = run(AttemptsTest::refuse);
    awaitEnd(run);

    assertThat(run.join())
        .isInstanceOfSatisfying(
            ActorResult.Failed.class,
            failed -> assertThat(failed.reason()).isEqualTo("node second can't keep a limit"));
    assertThat(tried).containsExactly("first", "second");
  }

  @Test
  void run_thatOneRefusesAndTheOtherFails_isNotTriedAgainOnTheFirst() {
    var run =
        run(
            name ->
                name.equals("first")
                    ? refuse(name)
                    : tried.size() < 5 ? fail(name) : new RunOutcome.Succeeded());
    awaitEnd(run);

    assertThat(run.join()).isInstanceOf(ActorResult.Succeeded.class);
    assertThat(tried).containsExactly("first", "second", "second", "second", "second");
  }

  @Test
  void run_thatEveryNodeFails_isNoFailureOfItsProgram() {
    var run = run(AttemptsTest::fail);
    awaitEnd(run);

    assertThatThrownBy(run::join)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            JoyoiException.class,
            e -> assertThat(e.kind()).isEqualTo(JoyoiException.Kind.UNAVAILABLE))
        .hasMessageStartingWith("no node could run actor Greeter in 25 attempts; the last: node ")
        .hasMessageEndingWith(": no space left on device");
    assertThat(tried).hasSize(25).contains("first", "second");
    assertThat(told.getFirst())
        .matches("attempt 3 failed, and it is tried again: node (first|second): no space .*");
  }

  @Test
  void run_thatNodesFailAgainAndAgain_isSuspected() {
    var run = run(name -> tried.size() < 5 ? fail(name) : new RunOutcome.Succeeded());
    awaitEnd(run);

    assertThat(suspect).containsExactly(false, false, true, true, true);
  }
}
