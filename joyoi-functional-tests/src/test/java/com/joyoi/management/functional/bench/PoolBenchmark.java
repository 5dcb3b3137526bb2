package com.joyoi.management.functional.bench;

import com.joyoi.management.concurrent.Timers;
import com.joyoi.management.docker.FakeDockerEngine;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.node.NodeLease;
import com.joyoi.management.node.NodePool;
import com.joyoi.management.node.NodePool.LeaseRequest;
import com.joyoi.management.node.NodePools;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A pool of which every slot is taken: a lease is given back, its slot goes to the first of those
 * who wait and may use it, and one more waits. Everybody excludes one node, as a run does that
 * failed there.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PoolBenchmark {
  @Param("10")
  public int nodes;

  @Param("10")
  public int waiting;

  private final SplittableRandom random = new SplittableRandom(1);
  private final Timers timers = Timers.platform("bench");
  private List<String> names = List.of();
  private NodeLease[] held = new NodeLease[0];
  private int freed;

  @SuppressWarnings("NullAway.Init")
  private NodePool pool;

  @Setup
  public void fill() throws InterruptedException {
    names = IntStream.range(0, nodes).mapToObj(number -> "node-" + number).toList();
    var options = names.stream().map(PoolBenchmark::node).toList();
    pool =
        NodePools.start(
            options,
            node -> new FakeDockerEngine(),
            timers,
            Clock.systemUTC(),
            failure -> {},
            (node, shape) -> CompletableFuture.failedFuture(new AssertionError("no wish")));
    while (pool.status().stream().anyMatch(node -> node.lastSeen() == null)) {
      var unused = new CountDownLatch(1).await(10, TimeUnit.MILLISECONDS);
    }
    held = new NodeLease[nodes];
    for (freed = 0; freed < nodes; freed++) {
      held[freed] = pool.acquire(new LeaseRequest(0, "holder", Set.of())).join();
    }
    for (int i = 0; i < waiting; i++) {
      await();
    }
  }

  private static NodeOptions node(String name) {
    return new NodeOptions(
        name, "joyoi", "http://node:2376", null, ContainerOptions.DEFAULTS.withMaxRunningJobs(1));
  }

  private void await() {
    var excluded = Set.of(names.get(random.nextInt(nodes)));
    var unused =
        pool.acquire(new LeaseRequest(0, "waiter", excluded))
            .thenAccept(lease -> held[freed] = lease);
  }

  @Benchmark
  public void leaseChangesHands() {
    freed = random.nextInt(nodes);
    held[freed].release();
    await();
  }

  @TearDown
  public void close() {
    pool.close();
    timers.close();
  }
}
