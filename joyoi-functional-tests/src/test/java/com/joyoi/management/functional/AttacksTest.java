package com.joyoi.management.functional;

import static com.joyoi.management.functional.SampleJudge.files;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.joyoi.management.bootstrap.ManagementService;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.model.SandboxOptions;
import com.joyoi.management.settings.ServiceOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever attacks the judge gets the right verdict, and harms nobody. */
@RunsActors
@OwnNode
class AttacksTest {
  /** A quarter of its time limit, whoever is beside it. */
  private static final String NEIGHBOUR =
      """
      import time
      while time.process_time() < 0.5: pass
      print(7)
      """;

  private static final int ATTACKS_FOR_A_NEIGHBOUR = 10;

  @TempDir Path folder;

  @BeforeAll
  static void requireSandboxes() {
    assumeTrue(
        TestBed.nodes().stream().allMatch(node -> node.container().isStream()),
        "only in a sandbox is there a bound for files");
  }

  @Test
  void attacks_besideNormalSubmissions_getTheirVerdictsAndLeaveNothing() throws Exception {
    var name = TestBed.serviceName("Attacked");
    // None that waits for long, so that what is left would be a submission's.
    var options =
        ServiceOptions.builder()
            .name(name)
            .dataDir(folder)
            .nodes(TestBed.nodes().stream().map(AttacksTest::withoutIdle).toList())
            .build();
    try (var service = ManagementService.builder(options).start()) {
      var judge = new SampleJudge(service);
      judgeAll(judge);
      Eventually.await(
          "nothing of them is left on a node", () -> Containers.ofService(name).isEmpty());
      assertThat(service.nodes().status())
          .allSatisfy(node -> assertThat(node.errorFlags()).as(node.toString()).isFalse());
      var plain = judge.submit(files("Main.py", "print(7)", "{}"));
      assertThat(judge.result(plain).path("verdict").asText()).isEqualTo("Accepted");
      Eventually.await(
          "no slot is held",
          () -> service.nodes().status().stream().allMatch(node -> node.runningJobs() == 0));
    }
  }

  private static void judgeAll(SampleJudge judge) throws IOException {
    var attacks = new LinkedHashMap<Attack, Instance>();
    var neighbours = new LinkedHashMap<Attack, Instance>();
    for (var attack : Attack.all()) {
      attacks.put(attack, judge.submit(attack.files()));
      if (attacks.size() % ATTACKS_FOR_A_NEIGHBOUR == 0) {
        neighbours.put(attack, judge.submit(files("Main.py", NEIGHBOUR, Attack.PATIENT)));
      }
    }
    var verdicts = new SoftAssertions();
    for (var attack : attacks.entrySet()) {
      var right = attack.getKey().verdicts();
      expect(verdicts, judge, attack.getValue(), right, attack.getKey().file());
    }
    for (var beside : neighbours.entrySet()) {
      var of = "the neighbour of " + beside.getKey();
      expect(verdicts, judge, beside.getValue(), Set.of("Accepted"), of);
    }
    verdicts.assertAll();
  }

  private static void expect(
      SoftAssertions verdicts, SampleJudge judge, Instance instance, Set<String> right, String of)
      throws IOException {
    var result = judge.result(instance);
    verdicts.assertThat(right).as(of + ": " + result).contains(result.path("verdict").asText());
  }

  private static NodeOptions withoutIdle(NodeOptions node) {
    var container = node.container();
    var kept = container.sandboxes();
    return new NodeOptions(
        node.name(),
        node.image(),
        node.address(),
        node.tls(),
        container.withSandboxes(
            new SandboxOptions(kept.reuse(), 0, 0, 1, kept.tmpfsPercent(), kept.tmpfsInodes())));
  }
}
