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
 * Instances on a pool whose nodes are one machine with two processors, step by step: whatever runs
 * or is made shares them. Confined to one thread.
 */
final class SimulatedLoad {
  private static final Duration STEP = Duration.ofMillis(1);
  private static final int PROCESSORS = 2;

  /** Processor time, as measured. */
  private static final int MAKING_MILLIS = 250;

  /** What the service does itself from one stage of an instance to the next. */
  private static final int BETWEEN_STAGES_MILLIS = 10;

  /** What a sandbox takes until it is clean again. */
  private static final int RESET_MILLIS = 2;

  private final FakeSandboxes maker;
  private final PoolFixture fixture;

  /** Fixed, so that a failure repeats. */
  private final SplittableRandom random = new SplittableRandom(1);

  private final List<Work> working = new ArrayList<>();
  private int instances;
  private int instancesEver;
  private int makingsSeen;
  private int held;
  private int mostHeld;
  private long steps;

  SimulatedLoad(FakeSandboxes maker, PoolFixture fixture) {
    this.maker = maker;
    this.fixture = fixture;
  }

  /**
   * Runs that an instance asks for at once.
   *
   * @param millis of one: half of that to one and a half
   * @param sleeps whether they take no processor time
   */
  record Stage(String work, int runs, int millis, boolean sleeps, int megabytes) {
    static Stage of(String work, int runs, int millis) {
      return new Stage(work, runs, millis, false, 256);
    }

    static Stage sleeping(String work, int runs, int millis) {
      return new Stage(work, runs, millis, true, 256);
    }

    Stage inMegabytes(int megabytes) {
      return new Stage(work, runs, millis, sleeps, megabytes);
    }

    private SandboxWish wish(UUID instance) {
      var limitation = Limitation.DEFAULTS.toBuilder().memory((long) megabytes << 20).build();
      return new SandboxWish(new SandboxShape(limitation, false), Reuse.ALWAYS, instance, work);
    }
  }

  /** What takes time. */
  private static final class Work {
    final boolean sleeps;
    final Runnable end;
    double millisLeft;

    Work(double millis, boolean sleeps, Runnable end) {
      millisLeft = millis;
      this.sleeps = sleeps;
      this.end = end;
    }
  }

  /** One stage after the other. */
  private final class Instance {
    private final UUID id = new UUID(1, ++instancesEver);
    private final Queue<Stage> stages;
    private final Runnable end;
    private int runsLeft;

    Instance(List<Stage> stages, Runnable end) {
      this.stages = new ArrayDeque<>(stages);
      this.end = end;
    }

    void next() {
      var stage = stages.poll();
      if (stage == null) {
        fixture.pool.forget(id);
        end.run();
        return;
      }
      runsLeft = stage.runs();
      for (int i = 0; i < stage.runs(); i++) {
        // Not all in the same instant.
        after(1 + i / 2, () -> ask(stage));
      }
    }

    private void ask(Stage stage) {
      var request = new LeaseRequest(0, stage.work(), Set.of(), 0, stage.wish(id));
      var unused = fixture.pool.acquire(request).thenAccept(lease -> run(stage, lease));
    }

    private void run(Stage stage, NodeLease lease) {
      held++;
      mostHeld = Math.max(mostHeld, held);
      var millis = stage.millis() * (0.5 + random.nextDouble());
      working.add(new Work(millis, stage.sleeps(), () -> ended(lease)));
    }

    private void ended(NodeLease lease) {
      held--;
      lease.over(true);
      after(RESET_MILLIS, () -> lease.release(lease.sandbox().orElseThrow()));
      runsLeft--;
      if (runsLeft == 0) {
        after(BETWEEN_STAGES_MILLIS, this::next);
      }
    }
  }

  private void after(int millis, Runnable action) {
    working.add(new Work(millis, true, action));
  }

  /**
   * Runs instances of these stages, each client one after the other.
   *
   * @return how long it took
   */
  Duration run(int clients, int each, List<Stage> stages) {
    var before = steps;
    instances += clients * each;
    for (int i = 0; i < clients; i++) {
      begin(each, stages);
    }
    while (instances > 0) {
      step();
    }
    return STEP.multipliedBy(steps - before);
  }

  private void begin(int left, List<Stage> stages) {
    if (left > 0) {
      Runnable next =
          () -> {
            instances--;
            begin(left - 1, stages);
          };
      new Instance(stages, next).next();
    }
  }

  /** Lets what is under way go on. */
  void rest(Duration time) {
    for (var left = time; left.isPositive(); left = left.minus(STEP)) {
      step();
    }
  }

  /** How many runs went on at once so far. */
  int mostAtOnce() {
    return mostHeld;
  }

  private void step() {
    for (; makingsSeen < maker.asked.size(); makingsSeen++) {
      working.add(new Work(MAKING_MILLIS, false, maker.asked.get(makingsSeen)::make));
    }
    var busy = working.stream().filter(work -> !work.sleeps).count();
    var share = Math.min(1, (double) PROCESSORS / Math.max(1, busy));
    working.forEach(work -> work.millisLeft -= work.sleeps ? 1 : share);
    fixture.pass(STEP);
    steps++;
    var ended = working.stream().filter(work -> work.millisLeft <= 0).toList();
    working.removeAll(ended);
    ended.forEach(work -> work.end.run());
  }
}
