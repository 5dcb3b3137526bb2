package com.joyoi.management.usercode;

import static com.joyoi.management.usercode.JudgeFixture.ENDED_WELL;
import static com.joyoi.management.usercode.JudgeFixture.compared;
import static com.joyoi.management.usercode.JudgeFixture.executed;
import static com.joyoi.management.usercode.JudgeFixture.failed;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nothing is Accepted because something is missing; what went wrong with one case is that case's
 * SystemError, and there is a result whatever happens.
 */
class JudgeFaultsTest {
  private final JudgeFixture judge = new JudgeFixture();
  private final FakeContext context = judge.context;

  @Test
  void submission_withoutCases_isASystemError() throws Exception {
    judge.run();

    assertThat(judge.verdict())
        .isEqualTo(
            "SystemError: no initial blob is called input_<i>.txt: there is no case to judge");
  }

  @Test
  void instance_withoutSubmission_isASystemError() throws Exception {
    judge.cases("a").without("Main.cpp").run();

    assertThat(judge.verdict()).isEqualTo("SystemError: no initial blob is called Main.<ext>");
  }

  @Test
  void instance_withoutLimits_isASystemError() throws Exception {
    judge.cases("a").without("limit.json").run();

    assertThat(judge.verdict()).isEqualTo("SystemError: no initial blob is called 'limit.json'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"userTimeMs\": -5}", "{\"memoryMb\": \"x\"}", "[]", "", "null"})
  void limits_thatCantBeUsed_areASystemError(String limit) throws Exception {
    judge.cases("a").limit(limit).run();

    assertThat(judge.verdict()).startsWith("SystemError: ").contains("limit.json");
    assertThat(context.params).extracting(RunActorParam::name).containsExactly("ReportActor");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "input_a.txt",
        "input2.txt",
        "Input_2.txt",
        "output_2.out",
        "validator.cpp",
        "Validator",
        "Main.tar.gz",
        "limits.json"
      })
  void blob_whoseNameIsNotUnderstood_isASystemError(String name) throws Exception {
    judge.cases("a").with(name, "").run();

    assertThat(judge.verdict())
        .startsWith("SystemError: initial blob '" + name + "' must be called Main.<ext>,");
  }

  @ParameterizedTest
  @CsvSource({"Main.py,Main", "Validator.c,Validator"})
  void program_thatStandsTwice_isASystemError(String name, String program) throws Exception {
    judge.cases("a").with("Validator.py", "").with(name, "").run();

    assertThat(judge.verdict())
        .startsWith("SystemError: one initial blob may be called " + program + ".<ext>, not [");
  }

  @ParameterizedTest
  @ValueSource(strings = {"input_2.txt", "output_2.txt"})
  void case_withoutOneOfItsFiles_isItsOwnSystemError(String name) throws Exception {
    judge.cases("a", "b", "c").without(name).run();

    assertThat(judge.cases())
        .containsExactly(
            Map.entry("1", "Accepted: "),
            Map.entry("2", "SystemError: no initial blob is called '" + name + "'"),
            Map.entry("3", "Accepted: "));
    assertThat(judge.verdict()).startsWith("SystemError: case 2: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Run", "Compare", "Report"})
  void instance_patchedPastCompiling_isASystemError(String stage) throws Exception {
    judge.cases("a").atStage(stage).run();

    assertThat(judge.verdict()).isEqualTo("SystemError: Main.cpp has not been compiled");
  }

  @Test
  void instance_patchedPastCompilingItsValidator_isASystemError() throws Exception {
    judge.cases("a").run().with("Validator.cpp", "").atStage("Run").run();

    assertThat(judge.verdict()).isEqualTo("SystemError: Validator.cpp has not been compiled");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Compare", "Report"})
  void instance_patchedPastRunning_isASystemErrorOfEachCase(String stage) throws Exception {
    judge.cases("a").run().with("input_2.txt", "b").with("output_2.txt", "b");
    judge.atStage(stage).run();

    assertThat(judge.cases())
        .containsExactly(
            Map.entry("1", "Accepted: "), Map.entry("2", "SystemError: the case has not been run"));
  }

  @Test
  void output_ofALaterRun_isNotJudgedByAnEarlierComparison() throws Exception {
    judge.cases("a").run();
    context.actor("RunActor", inputs -> executed(ENDED_WELL, Map.of("input_1.txt", "other")));
    context.actor("CompareActor", inputs -> failed("no node"));
    judge.atStage("Run").run().atStage("Report");
    context.removeRuns("CompareActor", 1);
    judge.run();

    assertThat(judge.cases())
        .containsExactly(Map.entry("1", "SystemError: the output has not been compared"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"RunActor", "CompareActor"})
  void actor_thatFailsOnOneCase_isThatCasesSystemError(String actor) throws Exception {
    context.actor(
        actor,
        inputs -> {
          if (inputs.containsKey("input_2.txt")) {
            failed("exit code 141");
          }
          return actor.equals("RunActor") ? executed(ENDED_WELL, inputs) : compared(inputs);
        });
    judge.cases("a", "b", "c").run();

    assertThat(judge.cases())
        .containsExactly(
            Map.entry("1", "Accepted: "),
            Map.entry("2", "SystemError: " + actor + " failed: exit code 141"),
            Map.entry("3", "Accepted: "));
  }

  @Test
  void image_withoutTheLanguage_isASystemErrorWithTheReason() throws Exception {
    context.actor("CompileActor", inputs -> failed("this image has no go compiler (go)"));
    judge.cases("a").run();

    assertThat(judge.verdict())
        .isEqualTo("SystemError: CompileActor failed: this image has no go compiler (go)");
  }

  @Test
  void compiler_thatCouldNotBeRun_isASystemError() throws Exception {
    context.actor(
        "CompileActor", inputs -> Map.of("runner.json", "{\"ExitCode\": -1, \"Error\": \"fork\"}"));
    judge.cases("a").run();

    assertThat(judge.verdict()).isEqualTo("SystemError: Main.cpp could not be compiled: fork");
  }

  @Test
  void validator_thatDoesNotCompile_isASystemError() throws Exception {
    context.actor(
        "CompileActor",
        inputs ->
            inputs.containsKey("Main.cpp")
                ? Map.of("runner.json", "{" + ENDED_WELL + "}", "Main.out", "", "Main.json", "")
                : Map.of("runner.json", "{\"ExitCode\": 1}", "stderr.txt", "no", "stdout.txt", ""));
    judge.cases("a").with("Validator.cpp", "").run();

    assertThat(judge.verdict()).isEqualTo("SystemError: Validator.cpp does not compile: no");
  }

  @Test
  void actor_thatIsNotThere_isASystemErrorWithItsName() throws Exception {
    context.actors.remove("RunActor");
    judge.cases("a").run();

    assertThat(judge.verdict()).isEqualTo("SystemError: actor not found: RunActor");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "{\"Limit\": null, \"Error\": null}", "null", "[0]", "{\"Exit"})
  void report_thatSaysNothing_isASystemError(String report) throws Exception {
    context.actor("RunActor", inputs -> Map.of("runner.json", report, "stdout.txt", "a"));
    judge.cases("a").run();

    assertThat(judge.verdict()).startsWith("SystemError: case 1: ");
  }

  @Test
  void output_thatIsNotThere_isASystemError() throws Exception {
    context.actor("RunActor", inputs -> Map.of("runner.json", "{" + ENDED_WELL + "}"));
    judge.cases("a").run();

    assertThat(judge.verdict()).startsWith("SystemError: case 1: ").contains("stdout.txt");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{}", "", "null", "{\"verdict\": null}", "{\"verdict\": \"accepted\"}", "[]"})
  void verdict_thatIsNone_isASystemError(String verdict) throws Exception {
    context.actor("CompareActor", inputs -> Map.of("verdict.json", verdict));
    judge.cases("a").run();

    assertThat(judge.verdict()).startsWith("SystemError: case 1: ");
  }

  @Test
  void comparison_withoutVerdict_isASystemError() throws Exception {
    context.actor("CompareActor", inputs -> Map.of());
    judge.cases("a").run();

    assertThat(judge.verdict()).startsWith("SystemError: case 1: ").contains("verdict.json");
  }
}
