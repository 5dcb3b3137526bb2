package com.joyoi.management.actor;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.concurrent.Cancellation;
import com.joyoi.management.concurrent.ManualTimers;
import com.joyoi.management.docker.FakeDockerEngine;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.model.SandboxOptions.Reuse;
import com.joyoi.management.node.NodePool;
import com.joyoi.management.node.NodePool.LeaseRequest;
import com.joyoi.management.node.NodePools;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A run's way to a node, after another one has failed it. */
class LeaseSearchTest {
  private final ManualTimers timers = new ManualTimers();
  private final NodePool pool =
      NodePools.start(
          List.of(node("first"), node("second")),
          node -> new FakeDockerEngine(),
          timers,
          timers.clock(),
          failure -> {},
          (node, shape) -> {
            throw new AssertionError("nobody wishes for a sandbox");
          });

  @AfterEach
  void close() {
    pool.close();
  }

  @Test
  void run_thatWaitsInVainForOtherNodes_takesTheOneThatFailedIt() {
    var search =
        new LeaseSearch(pool, task(), null, new Cancellation(), timers, Thread::startVirtualThread);
    var busy = pool.acquire(new LeaseRequest(0, "busy", Set.of("first"))).join();
    var failed = search.next().join();
    assertThat(failed.node().name()).isEqualTo("first");
    failed.release();
    search.failedOn("first");

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

  private static NodeOptions node(String name) {
    return new NodeOptions(
        name,
        "joyoi",
        "http://" + name + ":2376",
        null,
        ContainerOptions.DEFAULTS.withMaxRunningJobs(1));
  }

  private static ActorTask task() {
    return new ActorTask(
        UUID.randomUUID(),
        UUID.randomUUID(),
        "actor",
        new ActorTask.Program(
            0,
            () -> {
              throw new AssertionError("nobody runs it");
            }),
        List.of(),
        Limitation.DEFAULTS,
        0,
        false,
        Reuse.NEVER,
        (node, id, name) -> {},
        (name, content) -> new BlobReference(UUID.randomUUID(), name));
  }
}
