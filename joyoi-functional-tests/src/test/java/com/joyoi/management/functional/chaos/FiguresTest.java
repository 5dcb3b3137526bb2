package com.joyoi.management.functional.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.functional.LeftOut;
import com.joyoi.management.functional.TestBed;
import com.joyoi.management.functional.chaos.Jobs.Job;
import com.joyoi.management.functional.chaos.Jobs.Kind;
import com.joyoi.management.functional.chaos.World.Setup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Faults with more under way than a round has. What each took is published. */
@Tag("long")
@Timeout(3600)
@LeftOut("it breaks nodes, the database, and services")
class FiguresTest {
  @TempDir Path folder;

  private final Random random = new Random(1);

  private static List<Job> jobs(int count, Kind kind, String seconds) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Job(kind, kind + "-" + i + "-" + System.nanoTime(), seconds))
        .toList();
  }

  private static Load load(World world) {
    return new Load(world.services(), "http://127.0.0.1:" + world.receiver().port());
  }

  private World world(String name, Setup setup) throws Exception {
    return new World(folder.resolve(name), List.of(), setup);
  }

  /** How long it takes from here until all is seen to be right. */
  private Duration untilRight(World world, Load load) throws InterruptedException {
    var begin = System.nanoTime();
    assertThat(new Checker(world, load, random).check()).isEmpty();
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  @Test
  void oneOfTwoServices_killedWith100InstancesInFlight(TestReporter reporter) throws Exception {
    Duration without;
    try (var world = world("without", Setup.of(2))) {
      var load = load(world);
      load.submit(jobs(100, Kind.CHAIN, "0.5"), random);
      without = untilRight(world, load);
    }
    try (var world = world("with", Setup.of(2))) {
      var load = load(world);
      load.submit(jobs(100, Kind.CHAIN, "0.5"), random);
      var killed = world.services().removeFirst();
      killed.kill();
      var with = untilRight(world, load);
      killed.close();
      reporter.publishEntry(
          "100 instances in flight: all right after %d s; with one of two services killed %d s, with a lease of %d s"
              .formatted(without.toSeconds(), with.toSeconds(), ChaosService.LEASE.toSeconds()));
    }
  }

  @Test
  void databaseAwayForThreeMinutes_with50RunsUnderWay(TestReporter reporter) throws Exception {
    try (var world = world("outage", new Setup(1, 25, false))) {
      var load = load(world);
      load.submit(jobs(50, Kind.TELLS, "40"), random);
      while (world.programs().total() < 50) {
        World.pass(100);
      }
      TestBed.control("kill-db");
      try {
        World.pass(Duration.ofMinutes(3).toMillis());
      } finally {
        TestBed.control("start-db");
      }
      var after = untilRight(world, load);
      assertThat(world.programs().total()).as("programs that were started").isEqualTo(50);
      reporter.publishEntry(
          "50 runs under way, the database away for 3 minutes: 50 programs were started, all right %d s after it was back"
              .formatted(after.toSeconds()));
    }
  }

  @Test
  void thousandInstances_whileOneOfThreeNodesFailsEveryRun(TestReporter reporter) throws Exception {
    var without = thousand("two", new Setup(2, 4, false));
    var with = thousand("three", new Setup(2, 4, true));
    reporter.publishEntry(
        "1,000 instances: %d s, with a node that fails each run %d s: %.2f times"
            .formatted(
                without.toSeconds(),
                with.toSeconds(),
                (double) with.toMillis() / without.toMillis()));
  }

  private Duration thousand(String name, Setup setup) throws Exception {
    try (var world = world(name, setup)) {
      var load = load(world);
      var begin = System.nanoTime();
      load.submit(jobs(1000, Kind.CHAIN, "0.05"), random);
      untilRight(world, load);
      return Duration.ofNanos(System.nanoTime() - begin);
    }
  }
}
