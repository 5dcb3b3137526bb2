package com.joyoi.management.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.model.SandboxOptions;
import com.joyoi.management.model.SandboxOptions.Reuse;
import com.joyoi.management.node.FakeSandboxes.FakeSandbox;
import com.joyoi.management.node.NodePool.LeaseRequest;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;

/** One node with four slots, unless a test begins anew, and runs that ask for sandboxes there. */
abstract class PlacementCase {
  /** What making one takes here: as long as the pool supposes. */
  static final Duration COST = Duration.ofMillis(300);

  static final SandboxShape SHAPE = new SandboxShape(Limitation.DEFAULTS, false);
  static final UUID ONE = new UUID(0, 1);
  static final UUID OTHER = new UUID(0, 2);

  final FakeSandboxes maker = new FakeSandboxes();
  PoolFixture fixture = PoolFixture.up(maker, node("a", 4, Reuse.INSTANCE, 0));

  @AfterEach
  void nothingFailedOnATimer() {
    assertThat(fixture.timers.failures()).isEmpty();
  }

  static NodeOptions node(String name, int jobs, Reuse reuse, int warm) {
    return PoolFixture.node(name, jobs)
        .with(
            ContainerOptions.DEFAULTS
                .withMaxRunningJobs(jobs)
                .withSandboxes(new SandboxOptions(reuse, warm, 1, 60, 50, 16_384)));
  }

  static SandboxWish wish(UUID instance) {
    return wish(instance, Reuse.ALWAYS);
  }

  static SandboxWish wish(UUID instance, Reuse reuse) {
    return new SandboxWish(SHAPE, reuse, instance, "work");
  }

  static SandboxWish wish(UUID instance, String work) {
    return new SandboxWish(SHAPE, Reuse.ALWAYS, instance, work);
  }

  CompletableFuture<NodeLease> ask(SandboxWish wish) {
    return ask(wish, 0);
  }

  CompletableFuture<NodeLease> ask(SandboxWish wish, long number, String... excluded) {
    return ask(0, wish, number, excluded);
  }

  CompletableFuture<NodeLease> ask(int priority, SandboxWish wish) {
    return ask(priority, wish, 0);
  }

  private CompletableFuture<NodeLease> ask(
      int priority, SandboxWish wish, long number, String... excluded) {
    return fixture.pool.acquire(
        new LeaseRequest(priority, wish.instanceId().toString(), Set.of(excluded), number, wish));
  }

  /** A lease whose sandbox is made for it. */
  NodeLease made(SandboxWish wish) {
    var before = maker.asked.size();
    var future = ask(wish);
    assertThat(maker.asked).hasSize(before + 1);
    fixture.pass(COST);
    maker.makeLast();
    return now(future);
  }

  /** A lease that must be there. */
  static NodeLease now(CompletableFuture<NodeLease> future) {
    assertThat(future).isCompleted();
    return future.join();
  }

  static FakeSandbox sandbox(NodeLease lease) {
    return (FakeSandbox) lease.sandbox().orElseThrow();
  }

  static FakeSandbox giveBack(NodeLease lease) {
    var sandbox = sandbox(lease);
    lease.release(sandbox);
    return sandbox;
  }

  int running(String node) {
    return fixture.status(node).runningJobs();
  }
}
