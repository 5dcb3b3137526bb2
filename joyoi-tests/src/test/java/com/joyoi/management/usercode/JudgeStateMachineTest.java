package com.joyoi.management.usercode;

import static com.joyoi.management.usercode.JudgeFixture.ENDED_WELL;
import static com.joyoi.management.usercode.JudgeFixture.compared;
import static com.joyoi.management.usercode.JudgeFixture.executed;
import static com.joyoi.management.usercode.JudgeFixture.verdictFile;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.Limitation;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the judge of the samples says when all goes well, and under which limits it runs. */
class JudgeStateMachineTest {
  private final JudgeFixture judge = new JudgeFixture();
  private final FakeContext context = judge.context;

  @Test
  void submission_rightOnAllCases_isAccepted() throws Exception {
    judge.cases("a", "b").run();

    assertThat(judge.result())
        .contains("{\"verdict\":\"Accepted\",\"message\":\"\",\"timeMs\":12,\"memoryBytes\":2048,")
        .contains("\"tag\":\"1\"", "\"tag\":\"2\"");
    assertThat(context.stages).containsExactly("Compile", "Run", "Compare", "Report");
    assertThat(context.hostCalls).isEmpty();
  }

  @Test
  void output_thatIsTheExpectedOneToTheByte_isAcceptedAtOnce() throws Exception {
    context.actor("RunActor", JudgeStateMachineTest::exact);
    judge.cases("a", "b".repeat(65_536), "c".repeat(65_537)).run();

    assertThat(judge.verdict()).startsWith("Accepted");
    assertThat(context.startedActors().ofActor("CompareActor").all())
        .extracting(ActorRun::tag)
        .containsExactly("3");
  }

  @Test
  void output_thatIsTheExpectedOne_isForTheValidatorToJudge() throws Exception {
    context.actor("RunActor", JudgeStateMachineTest::exact);
    judge.cases("a").with("Validator.py", "accepts nothing").run();

    assertThat(judge.verdict()).startsWith("PresentationError");
  }

  /** A program that writes its input, and nothing else. */
  private static Map<String, String> exact(Map<String, String> inputs) {
    var outputs = new HashMap<>(executed(ENDED_WELL, inputs));
    outputs.computeIfPresent("stdout.txt", (name, text) -> text.strip());
    return outputs;
  }

  @Test
  void submission_wrongOnOneCase_hasTheVerdictOfThatCase() throws Exception {
    context.actor(
        "CompareActor",
        inputs ->
            inputs.containsKey("output_2.txt") ? verdictFile("WrongAnswer") : compared(inputs));
    judge.cases("a", "b", "c").run();

    assertThat(judge.verdict()).isEqualTo("WrongAnswer: case 2: ");
    assertThat(judge.cases()).containsEntry("3", "Accepted: ");
  }

  /** As the runner of an older node image writes it. */
  @Test
  void submission_whoseReportHasNullForNoError_isCompared() throws Exception {
    var report = "\"ExitCode\": 0, \"Limit\": null, \"Error\": null";
    context.actor("RunActor", inputs -> executed(report, inputs));
    judge.cases("a").run();

    assertThat(judge.verdict()).startsWith("Accepted");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          "ExitCode": 137, "Limit": "memory"    | MemoryExceeded
          "ExitCode": 137, "Limit": "userTime"  | TimeExceeded
          "ExitCode": 137, "Limit": "totalTime" | TimeExceeded
          "ExitCode": 153, "Limit": "output"    | OutputExceeded
          "ExitCode": 0, "Limit": "patience"    | SystemError
          "ExitCode": 3                         | RuntimeError
          "ExitCode": 0, "Error": "no runner"   | SystemError
          """)
  void submission_overItsLimits_isNotCompared(String report, String verdict) throws Exception {
    context.actor("RunActor", inputs -> executed(report, inputs));
    judge.cases("a").run();

    assertThat(judge.verdict()).startsWith(verdict + ": case 1: ");
    assertThat(context.startedActors().ofActor("CompareActor").all()).isEmpty();
  }

  @Test
  void submission_notCompilable_isNotRun() throws Exception {
    context.actor("CompileActor", inputs -> refused("no semicolon"));
    judge.cases("a").run();

    assertThat(judge.verdict()).isEqualTo("CompileError: no semicolon");
    assertThat(judge.cases()).isEmpty();
    assertThat(context.startedActors().ofActor("RunActor").all()).isEmpty();
  }

  @Test
  void submission_notCompilableWithoutAWord_hasAMessageNevertheless() throws Exception {
    context.actor("CompileActor", inputs -> refused(""));
    judge.cases("a").run();

    assertThat(judge.verdict()).isEqualTo("CompileError: The compiler made no program.");
  }

  @Test
  void submission_withValidator_isComparedByIt() throws Exception {
    judge.cases("a").with("Validator.py", "accepts nothing").run();

    assertThat(judge.verdict()).startsWith("PresentationError");
    assertThat(context.startedActors().inStage("Compile").all()).hasSize(2);
  }

  @Test
  void inputs_ofARunAndItsComparison_areTheCasesOwn() throws Exception {
    judge.cases("a", "b").run();

    assertThat(judge.param("RunActor", "2").inputs())
        .extracting(BlobReference::name)
        .containsExactly("Main.out", "Main.json", "limit.json", "input_2.txt");
    assertThat(judge.param("CompareActor", "2").inputs())
        .extracting(BlobReference::name)
        .containsExactly("stdout.txt", "limit.json", "input_2.txt", "output_2.txt");
  }

  @Test
  void container_ofAnyActor_isLikeAllOthersOfAUsualSubmission() throws Exception {
    judge.cases("a").run();

    assertThat(context.params)
        .extracting(it -> Objects.requireNonNull(it.limitation()).memory())
        .containsOnly(512L << 20);
  }

  @Test
  void container_ofARun_hasRoomAboveTheLimit() throws Exception {
    judge.limit("{\"memoryMb\": 996}").cases("a").run();

    assertThat(limitation("RunActor", "1").memory()).isEqualTo(1124L << 20);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          {}                                          | 60000
          {"userTimeMs": 20000}                       | 95000
          {"userTimeMs": 20000, "totalTimeMs": 25000} | 60000
          {"userTimeMs": 1, "totalTimeMs": 600000}    | 630000
          """)
  void executionTimeout_ofARun_isAboveTheCasesOwn(String limit, long millis) throws Exception {
    judge.limit(limit).cases("a").run();

    assertThat(limitation("RunActor", "1").executionTimeout()).isEqualTo(millis);
  }

  @Test
  void executionTimeout_ofCompilersAndValidators_isAboveTheirActorsOwn() throws Exception {
    judge.cases("a").run();

    assertThat(limitation("CompileActor", "Main").executionTimeout()).isEqualTo(70_000);
    assertThat(limitation("CompareActor", "1").executionTimeout()).isEqualTo(66_000);
  }

  @Test
  void executionTimeout_configuredAboveWhatIsNeeded_stands() throws Exception {
    context.limitation = limits().executionTimeout(900_000L).build().over(Limitation.DEFAULTS);
    judge.cases("a").run();

    assertThat(limitation("RunActor", "1").executionTimeout()).isEqualTo(900_000);
  }

  @Test
  void executionTimeout_configuredBelowTheUsual_standsAndIsNamedWhenItEndsARun() throws Exception {
    context.limitation = limits().executionTimeout(9_000L).build().over(Limitation.DEFAULTS);
    context.actor("RunActor", it -> JudgeFixture.failed("execution timeout of 9000 ms exceeded"));
    judge.cases("a").run();

    assertThat(limitation("RunActor", "1").executionTimeout()).isEqualTo(9_000);
    assertThat(judge.verdict())
        .isEqualTo(
            "SystemError: case 1: RunActor failed: execution timeout of 9000 ms exceeded"
                + " (ExecutionTimeout has been set to 9000 ms for this instance)");
  }

  @ParameterizedTest
  @CsvSource({"16,64,512", "200,201,1328"})
  void container_ofALargeOutput_hasRoomForIt(long outputMb, long bytesMb, long comparingMb)
      throws Exception {
    judge.limit("{\"outputMb\": " + outputMb + "}").cases("a").run();

    assertThat(limitation("RunActor", "1").outputBytes()).isEqualTo(bytesMb << 20);
    assertThat(limitation("CompareActor", "1").memory()).isEqualTo(comparingMb << 20);
  }

  @Test
  void host_whenNamed_getsTheResult() throws Exception {
    context.parameters.put("Host", "http://example.invalid");
    judge.cases("a").run();

    assertThat(context.hostCalls)
        .singleElement()
        .asString()
        .startsWith("POST /management/judge/result/" + context.id())
        .contains("\"Accepted\"");
  }

  /** What can't be told stays what it is: it does not become a SystemError. */
  @Test
  void host_thatCantBeTold_isToldTheSameOnceMore() throws Exception {
    context.parameters.put("Host", "http://example.invalid");
    context.hostFailure = new IllegalStateException("answered 503; given up");
    var machine = judge.cases("a").machine();

    assertThatThrownBy(() -> machine.runAsync().join()).hasCause(context.hostFailure);
    context.hostFailure = null;
    machine.handleErrorAsync(new IllegalStateException("answered 503; given up")).join();

    assertThat(context.hostCalls).hasSize(2).containsOnly(context.hostCalls.getFirst());
    assertThat(context.hostCalls.getFirst()).contains("\"Accepted\"");
  }

  /** As when the time of the instance is over: its handler runs on a new object. */
  @Test
  void error_behindTheVerdict_onANewObject_tellsTheSameVerdict() throws Exception {
    context.parameters.put("Host", "http://example.invalid");
    judge.cases("a").run();

    judge.atStage("Report").machine().handleErrorAsync(new IllegalStateException("late")).join();

    assertThat(context.hostCalls).hasSize(2).containsOnly(context.hostCalls.getFirst());
    assertThat(context.hostCalls.getFirst()).contains("\"Accepted\"");
  }

  @Test
  void instance_recoveredInALaterStage_usesWhatIsRecorded() throws Exception {
    judge.cases("a").run().atStage("Compare").run();

    assertThat(judge.verdict()).isEqualTo("Accepted: ");
    assertThat(context.startedActors().ofActor("CompileActor").all()).hasSize(1);
    assertThat(context.startedActors().ofActor("RunActor").all()).hasSize(1);
  }

  @Test
  void instance_runAgain_isJudgedByItsLastRuns() throws Exception {
    judge.cases("a").run();
    context.actor(
        "RunActor", inputs -> executed(ENDED_WELL, Map.of("input_1.txt", "something else")));
    judge.atStage("Run").run();

    assertThat(judge.cases()).containsExactly(Map.entry("1", "WrongAnswer: "));
  }

  @Test
  void instance_unknownStage_throws() {
    judge.atStage("Elsewhere");

    assertThatThrownBy(judge::run)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Elsewhere");
  }

  private Limitation limitation(String actor, String tag) {
    return Objects.requireNonNull(judge.param(actor, tag).limitation());
  }

  private static Limitation.Builder limits() {
    return Limitation.builder();
  }

  private static Map<String, String> refused(String message) {
    return Map.of("runner.json", "{\"ExitCode\": 1}", "stdout.txt", "", "stderr.txt", message);
  }
}
