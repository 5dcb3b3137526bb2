package com.joyoi.management.functional.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.functional.LeftOut;
import com.joyoi.management.functional.chaos.World.Setup;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** A few rounds of {@code ./joyoi chaos}, always the same ones. */
@LeftOut("it breaks nodes, the database, and services")
class ChaosTest {
  private static final long SEED = 20_26;

  @TempDir Path folder;

  @Test
  void oneService_losesNothing(TestReporter reporter) throws Exception {
    run(
        1,
        List.of(
            "service: killed when a run ends", "database: killed", "node link: cut at any byte"),
        reporter);
  }

  @Test
  void twoServices_loseNothing(TestReporter reporter) throws Exception {
    run(2, List.of("service: paused", "node: engine killed", "database link: blocked"), reporter);
  }

  private void run(int services, List<String> names, TestReporter reporter) throws Exception {
    try (var world = new World(folder, List.of(), Setup.of(services))) {
      for (int i = 0; i < names.size(); i++) {
        var name = names.get(i);
        var fault =
            Faults.all(false).stream()
                .filter(it -> it.name().equals(name))
                .findFirst()
                .orElseThrow();
        var round = new Round(i + 1, SEED + i, services, fault);
        var outcome = round.run(world);
        reporter.publishEntry(ChaosReport.line(outcome));
        assertThat(outcome.complaints()).as(round.toString()).isEmpty();
      }
    }
  }
}
