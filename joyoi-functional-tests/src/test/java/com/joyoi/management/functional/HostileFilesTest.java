package com.joyoi.management.functional;

import static com.joyoi.management.functional.SampleJudge.files;
import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.bootstrap.ManagementService;
import com.joyoi.management.model.Instance;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that want to fill the node, or to leave what nobody can remove, and then are right. */
@RunsActors
@OwnNode
class HostileFilesTest {
  private static final String NESTED_FOLDERS =
      """
      import os
      try:
        for i in range(30_000):
          os.mkdir('d')
          os.chdir('d')
      except OSError:
        pass
      print(7)
      """;

  private static final String ALLOCATED =
      """
      import os
      try:
        os.posix_fallocate(os.open('big', os.O_CREAT | os.O_WRONLY), 0, 2 << 30)
      except OSError:
        print(7)
      """;

  private static final String MANY_FILES =
      """
      try:
        for i in range(1_000_000):
          open(f'f{i}', 'w').close()
      except OSError:
        print(7)
      """;

  @TempDir Path folder;

  @Test
  void programs_thatFillWhatTheyCan_getTheirVerdictsAndLeaveTheNodeAsItWas() throws Exception {
    var options = TestBed.options(TestBed.serviceName("Fills"), folder, null);
    try (var service = ManagementService.builder(options).start()) {
      var judge = new SampleJudge(service);
      Map<String, Instance> submitted = new LinkedHashMap<>();
      for (var program : new String[] {NESTED_FOLDERS, ALLOCATED, MANY_FILES}) {
        submitted.put(program, judge.submit(files("Main.py", program, "{}")));
      }

      for (var submission : submitted.entrySet()) {
        // Which one is no matter here: a program that takes the last file there may be takes it
        // from the runner's report, too.
        assertThat(judge.result(submission.getValue()).path("verdict").asText())
            .as(submission.getKey())
            .isNotBlank();
      }
      var plain = judge.submit(files("Main.py", "print(7)", "{}"));
      assertThat(judge.result(plain).path("verdict").asText()).isEqualTo("Accepted");
      Eventually.await(
          "no slot is held",
          () -> service.nodes().status().stream().allMatch(node -> node.runningJobs() == 0));
    }
  }
}
