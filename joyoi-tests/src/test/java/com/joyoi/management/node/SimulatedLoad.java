package com.joyoi.management.node;

import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.SandboxOptions.Reuse;
import com.joyoi.management.node.NodePool.LeaseRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Instances that run on a machine with few processors, step by step: what is made and what runs
 * share them. Confined to one thread.
 */
final class SimulatedLoad {
  private static final Duration STEP = Duration.ofMillis(1);

  private static SandboxShape shape(int megabytes) {
    return new SandboxShape(Limitation.DEFAULTS.toBuilder().memory(megabytes * 1L << 20).build(), false);
  }

  /** Between one stage of an instance and the next: what the service does itself. */
  private static final int BETWEEN_STAGES = 10;

  private final FakeSandboxes maker;
  private final PoolFixture fixture;
  private final int processors;
  private final int makingMillis;
  private final List<Work> working = new ArrayList<>();
  private final List<Instance> instances = new ArrayList<>();
  private int seen;
  private int ids;
  private int steps;

  /** How many leases were held at once. */
  int mostAtOnce;

  private int held;

  private final SplittableRandom random = new SplittableRandom(1);

  /** Runs of one program that are asked for at once. */
  record Stage(String work, int runs, int millis, boolean sleeps, int mb) {
    Stage in(int megabytes) {
      return new Stage(work, runs, millis, sleeps, megabytes);
    }

    static Stage of(String work, int runs, int millis) {
      return new Stage(work, runs, millis, false, 256);
    }

    /** Of runs that wait for something, and need no processor. */
    static Stage sleeping(String work, int runs, int millis) {
      return new Stage(work, runs, millis, true, 256);
    }
  }

  private static final class Work {
    final boolean sleeps;
    final Runnable end;
    double left;

    Work(double left, boolean sleeps, Runnable end) {
      this.left = left;
      this.sleeps = sleeps;
      this.end = end;
    }
  }

  private final class Instance {
    final UUID id = new UUID(7, ++ids);
    final Queue<Stage> stages;
    final Runnable end;
    int left;

    Instance(List<Stage> stages, Runnable end) {
      this.stages = new ArrayDeque<>(stages);
      this.end = end;
      instances.add(this);
    }

    void next() {
      var stage = stages.poll();
      if (stage == null) {
        fixture.pool.forget(id);
        instances.remove(this);
        end.run();
        return;
      }
      left = stage.runs();
      var wish = new SandboxWish(shape(stage.mb()), Reuse.ALWAYS, id, stage.work());
      for (int i = 0; i < stage.runs(); i++) {
        working.add(new Work(1 + i / 2, true, () -> ask(stage, wish)));
      }
    }

    private void ask(Stage stage, SandboxWish wish) {
      var unused =
          fixture
              .pool
              .acquire(new LeaseRequest(0, stage.work(), Set.of(), 0, wish))
              .thenAccept(lease -> run(stage, lease));
    }

    private void run(Stage stage, NodeLease lease) {
      held++;
      mostAtOnce = Math.max(mostAtOnce, held);
      var millis = stage.millis() * (0.5 + random.nextDouble());
      working.add(new Work(millis, stage.sleeps(), () -> ended(lease)));
    }

    private void ended(NodeLease lease) {
      held--;
      lease.release(lease.sandbox().orElseThrow());
      if (--left == 0) {
        working.add(new Work(BETWEEN_STAGES, true, this::next));
      }
    }
  }

  SimulatedLoad(FakeSandboxes maker, PoolFixture fixture, int processors, int makingMillis) {
    this.maker = maker;
    this.fixture = fixture;
    this.processors = processors;
    this.makingMillis = makingMillis;
    seen = maker.asked.size();
  }

  /** So many clients, each with so many instances one after the other. */
  Duration run(int clients, int each, List<Stage> stages) {
    var before = steps;
    for (int i = 0; i < clients; i++) {
      begin(each, stages);
    }
    while (!instances.isEmpty()) {
      step();
    }
    return STEP.multipliedBy(steps - before);
  }

  private void begin(int left, List<Stage> stages) {
    if (left > 0) {
      new Instance(stages, () -> begin(left - 1, stages)).next();
    }
  }

  /** Lets what is under way go on, with nobody asking for anything. */
  void rest(Duration time) {
    for (long i = time.dividedBy(STEP); i > 0; i--) {
      step();
    }
  }

  private void step() {
    for (; seen < maker.asked.size(); seen++) {
      var asked = maker.asked.get(seen);
      working.add(new Work(makingMillis, false, asked::make));
    }
    long busy = working.stream().filter(work -> !work.sleeps).count();
    double share = busy <= processors ? 1 : (double) processors / busy;
    working.forEach(work -> work.left -= work.sleeps ? 1 : share);
    fixture.pass(STEP);
    steps++;
    var ended = working.stream().filter(work -> work.left < 0.001).toList();
    working.removeAll(ended);
    ended.forEach(work -> work.end.run());
  }
}
