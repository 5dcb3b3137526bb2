package com.joyoi.management.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.concurrent.Cancellation;
import com.joyoi.management.concurrent.ManualTimers;
import com.joyoi.management.container.Sandboxes;
import com.joyoi.management.docker.FakeDockerEngine;
import com.joyoi.management.model.ActorLanguage;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.model.SandboxOptions.Reuse;
import com.joyoi.management.node.IdleSandbox;
import com.joyoi.management.node.NodeConnection;
import com.joyoi.management.node.NodeLease;
import com.joyoi.management.node.NodePool;
import com.joyoi.management.node.NodePool.LeaseRequest;
import com.joyoi.management.node.NodePools;
import com.joyoi.management.node.SandboxShape;
import com.joyoi.management.runner.RunOutcome;
import com.joyoi.management.web.fake.FakeBlobs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a run is given to run in, and that it gives it back. */
class ActorRunnerTest {
  private final ManualTimers timers = new ManualTimers();
  private final List<SandboxShape> made = new ArrayList<>();
  private final NodePool pool =
      NodePools.start(
          List.of(
              new NodeOptions(
                  "node",
                  "joyoi",
                  "http://node:2376",
                  null,
                  ContainerOptions.DEFAULTS.withMaxRunningJobs(1))),
          node -> new FakeDockerEngine(),
          timers,
          timers.clock(),
          failure -> {},
          this::make);

  private CompletableFuture<IdleSandbox> sandbox = new CompletableFuture<>();

  private CompletableFuture<IdleSandbox> make(NodeConnection node, SandboxShape shape) {
    made.add(shape);
    return sandbox;
  }

  /** One that may be used. */
  private static final class Spare implements IdleSandbox {
    boolean discarded;

    @Override
    public boolean isAlive() {
      return true;
    }

    @Override
    public void discard() {
      discarded = true;
    }
  }

  @AfterEach
  void close() {
    pool.close();
  }

  private CompletableFuture<ActorResult> run(ActorTask.Program program, boolean keep) {
    var runner =
        new ActorRunner(
            pool,
            (lease, job, cancellation) -> {
              lease.release();
              return new RunOutcome.Succeeded();
            },
            new FakeBlobs(),
            timers,
            Thread::startVirtualThread);
    return runner.run(
        new ActorTask(
            UUID.randomUUID(),
            UUID.randomUUID(),
            "actor",
            program,
            List.of(),
            Limitation.DEFAULTS,
            0,
            keep,
            Reuse.NEVER,
            (node, id, name) -> {},
            (name, content) -> new BlobReference(UUID.randomUUID(), name)),
        new Cancellation());
  }

  @Test
  void program_thatCantBeReadForAnError_costsNoSlot() {
    var program =
        new ActorTask.Program(
            0,
            ActorLanguage.BASH,
            () -> {
              throw new OutOfMemoryError("as large as it is");
            });

    assertThatThrownBy(() -> run(program, true).join())
        .hasRootCauseInstanceOf(OutOfMemoryError.class);

    assertThat(pool.acquire(new LeaseRequest(0, "next", Set.of())).thenAccept(NodeLease::release))
        .succeedsWithin(Duration.ofSeconds(10));
  }

  @Test
  void program_thatCantBeRead_leavesNoSandboxBehind() {
    var spare = new Spare();
    sandbox = CompletableFuture.completedFuture(spare);
    var program =
        new ActorTask.Program(
            0,
            ActorLanguage.BASH,
            () -> {
              throw new IllegalStateException("the database is away");
            });

    assertThatThrownBy(() -> run(program, false).join())
        .hasRootCauseInstanceOf(IllegalStateException.class);

    assertThat(spare.discarded).isTrue();
  }

  /** The folder has room for one of them beside the outputs. */
  @ParameterizedTest
  @CsvSource({"JAVA, false", "BASH, true", "PYTHON, true"})
  void program_thatStandsTwice_needsRoomForBoth(ActorLanguage language, boolean onDisk) {
    var limits = Limitation.DEFAULTS;
    var room =
        Sandboxes.folderBytes(
                ContainerOptions.DEFAULTS, Objects.requireNonNull(limits.memory(), "memory"))
            - Objects.requireNonNull(limits.outputBytes(), "outputBytes");
    var program =
        new ActorTask.Program(
            (int) (room / 3 * 2),
            language,
            () -> {
              throw new AssertionError("nobody runs it");
            });
    // The node has answered.
    pool.acquire(new LeaseRequest(0, "first", Set.of())).thenAccept(NodeLease::release).join();

    var unused = run(program, false);

    assertThat(made).extracting(SandboxShape::onDisk).containsExactly(onDisk);
  }
}
