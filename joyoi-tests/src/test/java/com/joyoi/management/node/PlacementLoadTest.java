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

/** How many sandboxes are made for a load, and how many of its runs go on at once. */
class PlacementLoadTest {
  private static final int EACH = 3;

  /** What a judge runs for one submission. */
  private static final List<Stage> SUBMISSION =
      List.of(
          Stage.of("compile", 1, 700),
          Stage.of("run", 20, 20),
          Stage.of("compare", 20, 20),
          Stage.of("report", 1, 20));

  private static final List<Stage> SUBMISSION_OF_THREE_SHAPES =
      List.of(
          Stage.of("compile", 1, 700).inMegabytes(512),
          Stage.of("run", 20, 40).inMegabytes(256),
          Stage.of("compare", 20, 30).inMegabytes(256),
          Stage.of("report", 1, 20).inMegabytes(64));

  private final FakeSandboxes maker = new FakeSandboxes();
  private PoolFixture fixture = PoolFixture.up(maker, node("a", 8, 4));

  @AfterEach
  void nothingFailedOnATimer() {
    assertThat(fixture.timers.failures()).isEmpty();
  }

  private static NodeOptions node(String name, int jobs, int warm) {
    return PoolFixture.node(name, jobs)
        .with(
            ContainerOptions.DEFAULTS
                .withMaxRunningJobs(jobs)
                .withSandboxes(new SandboxOptions(Reuse.INSTANCE, warm, 4, 60, 50, 16_384)));
  }

  /** After one of the kind, and some time in which unused sandboxes are made. */
  private SimulatedLoad afterOne(List<Stage> stages) {
    var load = new SimulatedLoad(maker, fixture);
    load.run(1, 1, stages);
    load.rest(Duration.ofSeconds(6));
    return load;
  }

  /** How many sandboxes an instance costs when so many clients run one after the other. */
  private double madeForEach(int clients, List<Stage> stages) {
    var load = afterOne(stages);
    var before = maker.asked.size();
    load.run(clients, EACH, stages);
    return (maker.asked.size() - before) / (double) (clients * EACH);
  }

  @Test
  void submissions_asManyAsSlots_takeOneSandboxEach() {
    assertThat(madeForEach(8, SUBMISSION)).isLessThan(1.2);
  }

  @Test
  void submissions_ofThreeShapes_takeOneSandboxOfEachShape() {
    assertThat(madeForEach(8, SUBMISSION_OF_THREE_SHAPES)).isLessThan(3.5);
  }

  @Test
  void submissions_twiceAsManyAsSlots_doNotTakeOneAnothersSlotsForEachRun() {
    assertThat(madeForEach(16, SUBMISSION)).isLessThan(4);
  }

  @Test
  void submissions_withoutUnusedSandboxes_takeOneEach() {
    fixture = PoolFixture.up(maker, node("a", 8, 0));

    assertThat(madeForEach(8, SUBMISSION)).isLessThan(1.2);
  }

  @Test
  void shortRuns_ofOneInstance_takeTwoSandboxesAtMost() {
    var load = afterOne(SUBMISSION);

    var time = load.run(1, 1, List.of(Stage.of("run", 20, 20)));

    assertThat(load.mostAtOnce()).isEqualTo(2);
    assertThat(time).isLessThan(Duration.ofMillis(300));
  }

  @Test
  void longRuns_afterShortOnesOfTheSameWork_spreadOverAllSlotsInTheTimeOfAMaking() {
    fixture = PoolFixture.up(maker, node("a", 4, 2), node("b", 4, 2));
    var load = afterOne(SUBMISSION);

    var time = load.run(1, 1, List.of(Stage.sleeping("run", 20, 2_000)));

    assertThat(load.mostAtOnce()).isEqualTo(8);
    // Three rounds would be the least, of runs that are not of the same length.
    assertThat(time).isLessThan(Duration.ofSeconds(8));
  }

  @Test
  void longRuns_ofUnknownWork_spreadOverAllSlots() {
    var load = new SimulatedLoad(maker, fixture);

    load.run(1, 1, List.of(Stage.sleeping("run", 20, 2_000)));

    assertThat(load.mostAtOnce()).isEqualTo(8);
  }
}
