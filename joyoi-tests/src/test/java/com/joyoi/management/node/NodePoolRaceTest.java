package com.joyoi.management.node;

import static com.joyoi.management.node.PoolFixture.node;
import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.concurrent.ManualTimers;
import com.joyoi.management.docker.DockerException;
import com.joyoi.management.docker.FakeDockerEngine;
import com.joyoi.management.docker.FakeDockerEngine.Mode;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.SandboxOptions.Reuse;
import com.joyoi.management.node.NodePool.LeaseRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Many threads at once, and pings on threads of their own. */
class NodePoolRaceTest {
  private static final int THREADS = 8;
  private static final int ROUNDS = 5_000;

  private final ManualTimers timers = new ManualTimers();

  @Test
  void acquireCancelRelease_manyThreads_noSlotLostAndNoneGivenTwice() throws Exception {
    var engines = Map.of("a", new FakeDockerEngine(), "b", new FakeDockerEngine());
    var limit = Map.of("a", 1, "b", 2);
    var held = Map.of("a", new AtomicInteger(), "b", new AtomicInteger());
    var tooMany = new AtomicInteger();
    var pool =
        NodePools.start(
            List.of(node("a", 1), node("b", 2)),
            options -> require(engines, options.name()),
            timers,
            timers.clock(),
            failure -> {},
            Runnable::run,
            PoolFixture.NO_SANDBOXES,
            SlotSharing.NONE,
            System::nanoTime);
    var threads = new ArrayList<Thread>();
    for (var seed = 0; seed < THREADS; seed++) {
      var random = new Random(seed);
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (var round = 0; round < ROUNDS; round++) {
                      var excluded = random.nextInt(4) == 0 ? Set.of("a") : Set.<String>of();
                      var future =
                          pool.acquire(new LeaseRequest(random.nextInt(3), "job", excluded));
                      if (random.nextInt(3) == 0 && future.cancel(false)) {
                        continue;
                      }
                      var lease = future.join();
                      var name = lease.node().name();
                      if (require(held, name).incrementAndGet() > require(limit, name)
                          || excluded.contains(name)) {
                        tooMany.incrementAndGet();
                      }
                      if (random.nextInt(100) == 0) {
                        pool.cordon("a", random.nextBoolean());
                      }
                      require(held, name).decrementAndGet();
                      lease.release();
                    }
                  }));
    }
    for (var thread : threads) {
      thread.join();
    }

    assertThat(tooMany).hasValue(0);
    assertThat(pool.waiting()).isEmpty();
    pool.cordon("a", false);
    assertThat(pool.status()).allMatch(status -> status.runningJobs() == 0);
    for (var i = 0; i < 3; i++) {
      assertThat(pool.acquire(new LeaseRequest(0, "after", Set.of()))).isCompleted();
    }
    assertThat(pool.acquire(new LeaseRequest(0, "one too many", Set.of()))).isNotDone();
    pool.close();
  }

  @Test
  void wishes_manyThreads_noSlotLostAndNoSandboxForgotten() throws Exception {
    var there = new AtomicInteger();
    var held = new AtomicInteger();
    var tooMany = new AtomicInteger();
    var makings = new ConcurrentLinkedQueue<Thread>();
    SandboxMaker maker =
        (node, shape) -> {
          var future = new CompletableFuture<IdleSandbox>();
          makings.add(
              Thread.ofVirtual()
                  .start(
                      () -> {
                        if (ThreadLocalRandom.current().nextInt(5) == 0) {
                          future.completeExceptionally(DockerException.refused("no", null));
                        } else {
                          there.incrementAndGet();
                          future.complete(new CountedSandbox(there));
                        }
                      }));
          return future;
        };
    var pool =
        NodePools.start(
            List.of(node("a", 3)),
            options -> new FakeDockerEngine(),
            timers,
            timers.clock(),
            failure -> {},
            Runnable::run,
            maker,
            SlotSharing.NONE,
            System::nanoTime);
    var threads = new ArrayList<Thread>();
    for (var seed = 0; seed < THREADS; seed++) {
      var random = new Random(seed);
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (var round = 0; round < ROUNDS; round++) {
                      use(pool, random, held, tooMany);
                    }
                  }));
    }
    // The later looks at those who are patient.
    while (threads.stream().anyMatch(Thread::isAlive)) {
      timers.advance(Duration.ofMillis(1));
      Thread.yield();
    }
    for (var making = makings.poll(); making != null; making = makings.poll()) {
      making.join();
    }

    assertThat(tooMany).hasValue(0);
    assertThat(timers.failures()).isEmpty();
    assertThat(pool.waiting()).isEmpty();
    assertThat(pool.status()).allMatch(status -> status.runningJobs() == 0);
    for (var i = 0; i < 3; i++) {
      assertThat(pool.acquire(new LeaseRequest(0, "after", Set.of()))).isCompleted();
    }
    pool.close();
    for (var making = makings.poll(); making != null; making = makings.poll()) {
      making.join();
    }
    assertThat(there).hasValue(0);
  }

  private static void use(NodePool pool, Random random, AtomicInteger held, AtomicInteger tooMany) {
    var reuse = Reuse.values()[random.nextInt(3)];
    var shape = new SandboxShape(Limitation.DEFAULTS, random.nextInt(8) == 0);
    var wish = new SandboxWish(shape, reuse, new UUID(0, random.nextInt(3)), "work");
    var future = pool.acquire(new LeaseRequest(random.nextInt(3), "job", Set.of(), 0, wish));
    if (random.nextInt(3) == 0 && future.cancel(false)) {
      return;
    }
    NodeLease lease;
    try {
      lease = future.join();
    } catch (CompletionException e) {
      // None could be made.
      return;
    }
    if (held.incrementAndGet() > 3) {
      tooMany.incrementAndGet();
    }
    held.decrementAndGet();
    var sandbox = lease.sandbox().orElseThrow();
    if (random.nextBoolean()) {
      lease.release(sandbox);
    } else {
      lease.release();
      sandbox.discard();
    }
    if (random.nextInt(50) == 0) {
      pool.forget(wish.instanceId());
    }
  }

  /** Says how many of its kind there are. */
  private record CountedSandbox(AtomicInteger there, AtomicInteger discards)
      implements IdleSandbox {
    CountedSandbox(AtomicInteger there) {
      this(there, new AtomicInteger());
    }

    @Override
    public boolean isAlive() {
      return true;
    }

    @Override
    public void discard() {
      if (discards.getAndIncrement() == 0) {
        there.decrementAndGet();
      }
    }
  }

  @Test
  void ping_nodeHangs_neitherStartNorOtherNodesWaitForIt() throws Exception {
    var stuck = new FakeDockerEngine();
    stuck.setMode(Mode.HANGS);
    var engines = Map.of("stuck", stuck, "b", new FakeDockerEngine());
    var pool =
        NodePools.start(
            List.of(node("stuck", 9), node("b", 2)),
            options -> require(engines, options.name()),
            timers,
            timers.clock(),
            failure -> {},
            PoolFixture.NO_SANDBOXES);
    stuck.awaitHanging(1);

    var lease = pool.acquire(new LeaseRequest(0, "job", Set.of())).join();
    assertThat(lease.node().name()).isEqualTo("b");

    timers.advance(Duration.ofSeconds(90));
    assertThat(stuck.pings()).isEqualTo(1);
    assertThat(pool.status().getFirst().failures()).isEqualTo(3);

    pool.close();
    assertThat(stuck.isClosed()).isTrue();
  }

  @Test
  void close_whileOthersAcquire_everyFutureEnds() throws Exception {
    var pool =
        NodePools.start(
            List.of(node("a", 1)),
            options -> new FakeDockerEngine(),
            timers,
            timers.clock(),
            failure -> {},
            Runnable::run,
            PoolFixture.NO_SANDBOXES,
            SlotSharing.NONE,
            System::nanoTime);
    var futures = new ArrayList<CompletableFuture<NodeLease>>();
    var begun = new CountDownLatch(1);
    var thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (var i = 0; i < 20_000; i++) {
                    futures.add(pool.acquire(new LeaseRequest(i % 5, "job " + i, Set.of())));
                    begun.countDown();
                  }
                });
    begun.await();
    pool.close();
    thread.join();

    assertThat(futures).allMatch(CompletableFuture::isDone);
    assertThat(pool.waiting()).isEmpty();
  }

  @Test
  void acquireAndRelease_hundredsOfThousands_leaveNothingBehind() {
    var pool =
        NodePools.start(
            List.of(node("a", 8), node("b", 8)),
            options -> new FakeDockerEngine(),
            timers,
            timers.clock(),
            failure -> {},
            Runnable::run,
            PoolFixture.NO_SANDBOXES,
            SlotSharing.NONE,
            System::nanoTime);
    var request = new LeaseRequest(0, "job", Set.of());
    for (var i = 0; i < 300_000; i++) {
      pool.acquire(request).join().release();
    }

    assertThat(pool.status()).allMatch(status -> status.runningJobs() == 0);
    pool.close();
  }

  private static <T> T require(Map<String, T> map, String key) {
    var value = map.get(key);
    if (value == null) {
      throw new AssertionError("nothing for " + key);
    }
    return value;
  }
}
