package com.joyoi.management.functional;

import static com.joyoi.management.functional.SampleJudge.files;
import static com.joyoi.management.functional.SampleJudge.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.joyoi.management.bootstrap.ManagementService;
import com.joyoi.management.model.Instance;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that want to fill the node, or to leave what nobody can remove, and then are right. */
@RunsActors
@OwnNode
class HostileFilesTest {
  @TempDir Path folder;

  @BeforeAll
  static void requireSandboxes() {
    assumeTrue(
        TestBed.nodes().stream().allMatch(node -> node.container().isStream()),
        "only in a sandbox is there a bound for files");
  }

  @Test
  void programs_thatTakeAllFilesThereMayBe_areJudgedByTheirOutput() throws Exception {
    var verdicts =
        judge(
            files("Main.py", FillingPrograms.NESTED_FOLDERS, "{}"),
            files("Main.py", FillingPrograms.ALLOCATED, "{}"),
            files("Main.py", FillingPrograms.MANY_FILES, "{}"),
            files("Main.py", FillingPrograms.ALL_FILES_EVERYWHERE, "{}"));

    assertThat(verdicts.values()).as(verdicts.toString()).containsOnly("Accepted");
  }

  /** What becomes of them depends on what they notice; it is never said to be our fault. */
  @Test
  void programs_thatTakeAllRoomThereIs_areAtFaultThemselves() throws Exception {
    var eightCases = new LinkedHashMap<String, String>();
    for (int i = 2; i <= 8; i++) {
      eightCases.putAll(Map.of("input_" + i + ".txt", "3 4\n", "output_" + i + ".txt", "7\n"));
    }
    var verdicts =
        judge(
            files("Main.py", FillingPrograms.ALL_BYTES_OF_ITS_FOLDER, "{}"),
            files("Main.py", FillingPrograms.ALL_BYTES_EVERYWHERE, "{}"),
            with(files("Main.c", FillingPrograms.NEARLY_ALL_MEMORY, "{}"), eightCases),
            files("Main.c", FillingPrograms.ALL_MEMORY, "{}"));

    assertThat(verdicts.values())
        .as(verdicts.toString())
        .doesNotContain("SystemError", "CompileError");
  }

  /** The verdicts by their results. */
  @SafeVarargs
  private Map<String, String> judge(Map<String, String>... submissions) throws Exception {
    var options = TestBed.options(TestBed.serviceName("Fills"), folder, null);
    var verdicts = new LinkedHashMap<String, String>();
    try (var service = ManagementService.builder(options).start()) {
      var judge = new SampleJudge(service);
      List<Instance> submitted = List.of(submissions).stream().map(judge::submit).toList();
      for (var submission : submitted) {
        var result = judge.result(submission);
        verdicts.put(submission.id() + " " + result, result.path("verdict").asText());
      }
      var plain = judge.submit(files("Main.py", "print(7)", "{}"));
      assertThat(judge.result(plain).path("verdict").asText()).isEqualTo("Accepted");
      Eventually.await(
          "no slot is held",
          () -> service.nodes().status().stream().allMatch(node -> node.runningJobs() == 0));
    }
    return verdicts;
  }
}
