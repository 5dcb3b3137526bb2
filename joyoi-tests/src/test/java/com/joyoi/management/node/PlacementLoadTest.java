package com.joyoi.management.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.model.SandboxOptions;
import com.joyoi.management.model.SandboxOptions.Reuse;
import com.joyoi.management.node.SimulatedLoad.Stage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How many sandboxes are made under a load, and how long it takes. */
class PlacementLoadTest {
  private static final List<Stage> SUBMISSION =
      List.of(Stage.of("compile", 1, 700), Stage.of("run", 20, 20), Stage.of("compare", 20, 20));

  private static final List<Stage> REAL =
      List.of(Stage.of("compile", 1, 700).in(512), Stage.of("run", 20, 40), Stage.of("compare", 20, 30), Stage.of("report", 1, 20).in(257));

  private FakeSandboxes maker = new FakeSandboxes();
  private PoolFixture fixture = PoolFixture.up(maker, node("a", Reuse.INSTANCE, 4));

  private static NodeOptions node(String name, Reuse reuse, int warm) {
    return PoolFixture.node(name, 8)
        .with(
            ContainerOptions.DEFAULTS
                .withMaxRunningJobs(8)
                .withSandboxes(new SandboxOptions(reuse, warm, 4, 60, 50, 16_384)));
  }

  @AfterEach
  void nothingFailedOnATimer() {
    assertThat(fixture.timers.failures()).isEmpty();
  }

  private void show(String name, int clients, int each, int procs, List<Stage> stages) {
    var load = new SimulatedLoad(maker, fixture, procs, 250);
    load.run(1, 1, SUBMISSION);
    load.rest(Duration.ofSeconds(6));
    var before = maker.asked.size();
    var time = load.run(clients, each, stages);
    System.out.printf("%-40s %d clients x %d: %.2f made each, %d ms, most at once %d%n", name, clients, each,
        (maker.asked.size() - before) / (double) (clients * each), time.toMillis(), load.mostAtOnce);
  }

  @Test
  void show() {
    for (var reuse : List.of(Reuse.INSTANCE, Reuse.ALWAYS)) {
      for (int procs : List.of(2, 100)) {
        for (int warm : List.of(4, 0)) {
          var name = reuse + " procs " + procs + " warm " + warm;
          for (int clients : procs == 100 ? List.of(1, 8) : List.of(1, 4, 8, 16)) {
            maker = new FakeSandboxes(); fixture = PoolFixture.up(maker, node("a", reuse, warm));
            show(name, clients, 3, procs, SUBMISSION);
          }
          maker = new FakeSandboxes(); fixture = PoolFixture.up(maker, node("a", reuse, warm));
          show(name + " REAL", 8, 3, procs, REAL);
          maker = new FakeSandboxes(); fixture = PoolFixture.up(maker, node("a", reuse, warm));
          show(name + " REAL", 1, 3, procs, REAL);
          maker = new FakeSandboxes(); fixture = PoolFixture.up(maker, node("a", reuse, warm));
          show(name + " 2 s", 1, 1, procs, List.of(Stage.sleeping("run", 20, 2000)));
          maker = new FakeSandboxes(); fixture = PoolFixture.up(maker, node("a", reuse, warm));
          show(name + " 100ms", 1, 1, procs, List.of(Stage.of("run", 20, 100)));
          maker = new FakeSandboxes(); fixture = PoolFixture.up(maker, node("a", reuse, warm));
          show(name + " 20ms", 1, 1, procs, List.of(Stage.of("run", 20, 20)));
        }
      }
    }
  }
}
