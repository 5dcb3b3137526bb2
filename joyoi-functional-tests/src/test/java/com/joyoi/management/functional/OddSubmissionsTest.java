package com.joyoi.management.functional;

import static com.joyoi.management.functional.SampleJudge.files;
import static com.joyoi.management.functional.SampleJudge.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.bootstrap.ManagementService;
import com.joyoi.management.model.Instance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample judge, with submissions and tasks that are wrong or unusual. */
@RunsActors
@OwnNode
class OddSubmissionsTest {
  @TempDir Path folder;

  @Test
  void submissions_thatAreOdd_getTheirVerdicts() throws Exception {
    var options = TestBed.options(TestBed.serviceName("Odd"), folder, null);
    var named = "package a.b; public class Foo { public static void main(String[] args) { %s } }";
    var submissions =
        Map.of(
            "Accepted: ",
            files("Main.java", "\ufeff" + named.formatted("System.out.print(7);"), "{}"),
            "TimeExceeded: case 1: ended by its limit: totalTime",
            files("Main.py", "import time\ntime.sleep(99)", "{\"totalTimeMs\": 1500}"),
            "OutputExceeded: case 1: ended by its limit: output",
            files("Main.py", "while True: print('x' * 9999)", "{\"outputMb\": 1}"),
            "WrongAnswer: case 1: word 1: found '8'",
            files("Main.py", "print(8)", "{}"),
            "WrongAnswer: case 1: word 1: expected '7', found '8'",
            files("Main.py", "print(8)", "{\"showExpected\": true}"),
            "WrongAnswer: case 1: " + "x".repeat(1000),
            with(
                files("Main.py", "print(7)", "{}"),
                Map.of("Validator.py", "print('x' * 300_000)\nexit(1)")),
            "SystemError: case 2: no initial blob is called 'output_2.txt'",
            with(files("Main.py", "print(7)", "{}"), Map.of("input_2.txt", "")),
            "SystemError: no initial blob is called input_<i>.txt: there is no case to judge",
            Map.of("Main.py", "print(7)", "limit.json", "{}"));
    try (var service = ManagementService.builder(options).start()) {
      var judge = new SampleJudge(service);
      var submitted = new LinkedHashMap<String, Instance>();
      submissions.forEach((verdict, files) -> submitted.put(verdict, judge.submit(files)));
      var unknown = judge.submit(files("Main.kt", "fun main() {}", "{}"));

      for (var submission : submitted.entrySet()) {
        assertThat(verdict(judge, submission.getValue())).isEqualTo(submission.getKey());
      }
      assertThat(verdict(judge, unknown)).startsWith("SystemError: ").contains("found 0 sources");
    }
  }

  @Test
  void submission_scoredInGroupsByATestlibChecker_hasPoints() throws Exception {
    var options = TestBed.options(TestBed.serviceName("Scored"), folder, null);
    var limit =
        """
        {"validator": {"testlib": true, "memoryMb": 100}, "stopAtFirstFailure": "group", "groups": [
          {"name": "half", "cases": ["1-2"], "points": 10},
          {"name": "rest", "cases": [3], "points": 20, "requires": ["half"]}]}
        """;
    var checker =
        """
        import sys
        assert open(sys.argv[2]).read() == "8\\n" and open(sys.argv[3]).read() == "7\\n"
        print("points 2.5 half", file=sys.stderr)
        sys.exit(7)
        """;
    var more = new LinkedHashMap<>(Map.of("Validator.py", checker));
    for (var i = 2; i <= 3; i++) {
      more.put("input_" + i + ".txt", "");
      more.put("output_" + i + ".txt", "7\n");
    }
    try (var service = ManagementService.builder(options).start()) {
      var judge = new SampleJudge(service);

      var result = judge.result(judge.submit(with(files("Main.py", "print(8)", limit), more)));

      assertThat(result.path("verdict").asText()).isEqualTo("PartiallyCorrect");
      assertThat(result.path("groups").toString())
          .isEqualTo(
              "[{\"name\":\"half\",\"verdict\":\"PartiallyCorrect\",\"points\":2.5,\"maxPoints\":10.0,"
                  + "\"cases\":[\"1\",\"2\"]},{\"name\":\"rest\",\"verdict\":\"Skipped\",\"points\":0.0,"
                  + "\"maxPoints\":20.0,\"cases\":[\"3\"]}]");
      assertThat(result.path("points").asDouble()).isEqualTo(2.5);
    }
  }

  @Test
  void submissions_ofSeveralFilesOrOfAnswers_getTheirVerdicts() throws Exception {
    var options = TestBed.options(TestBed.serviceName("Kinds"), folder, null);
    var grader =
        "#include \"task.h\"\n#include <cstdio>\nint main() { int a, b; scanf(\"%d %d\", &a, &b);"
            + " printf(\"%d\\n\", sum(a, b)); }";
    var files =
        Map.of(
            "sources/add.h",
            "inline int add(int a, int b) { return a + b; }",
            "grader/task.h",
            "int sum(int a, int b);",
            "grader/Grader.cpp",
            grader);
    var main =
        "#include \"task.h\"\n#include \"add.h\"\nint sum(int a, int b) { return add(a, b); }";
    try (var service = ManagementService.builder(options).start()) {
      var judge = new SampleJudge(service);
      var graded = judge.submit(with(files("Main.cpp", main, "{}"), files));
      var answered =
          judge.submit(
              Map.of(
                  "answer_1.txt",
                  "8\n",
                  "limit.json",
                  "{}",
                  "input_1.txt",
                  "",
                  "output_1.txt",
                  "7\n"));

      assertThat(verdict(judge, graded)).isEqualTo("Accepted: ");
      assertThat(verdict(judge, answered)).isEqualTo("WrongAnswer: case 1: word 1: found '8'");
    }
  }

  private static String verdict(SampleJudge judge, Instance submission) throws IOException {
    var result = judge.result(submission);
    return result.path("verdict").asText() + ": " + result.path("message").asText();
  }
}
