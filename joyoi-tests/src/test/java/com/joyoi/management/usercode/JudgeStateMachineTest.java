package com.joyoi.management.usercode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.catalog.InMemoryDefinitions;
import com.joyoi.management.catalog.StateMachineCatalog;
import com.joyoi.management.compile.SourceCompiler;
import com.joyoi.management.compile.Sources;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The judge of the samples against actors that keep to the contract of {@code samples/actors}. */
class JudgeStateMachineTest {
  private static final SourceCompiler COMPILER = new SourceCompiler();
  private static final String ENDED_WELL = "\"ExitCode\": 0, \"Limit\": null, \"Error\": null";

  private final FakeContext context = new FakeContext();

  @BeforeEach
  void actors() {
    context
        .initialBlob("Main.cpp", "right")
        .initialBlob("limit.json", "{\"userTimeMs\": 1000, \"memoryMb\": 100}")
        .actor("CompileActor", JudgeStateMachineTest::compile)
        .actor("RunActor", inputs -> executed(ENDED_WELL, inputs))
        .actor("CompareActor", JudgeStateMachineTest::compare)
        .actor("ReportActor", inputs -> inputs);
  }

  @Test
  void submission_rightOnAllCases_isAccepted() throws Exception {
    cases("a", "b");
    run();

    assertThat(result())
        .contains("{\"verdict\":\"Accepted\",\"message\":\"\",\"timeMs\":12,\"memoryBytes\":2048,")
        .contains("\"tag\":\"1\"", "\"tag\":\"2\"");
    assertThat(context.stages).containsExactly("Compile", "Run", "Compare", "Report");
    assertThat(context.hostCalls).isEmpty();
  }

  @Test
  void submission_wrongOnOneCase_hasTheVerdictOfThatCase() throws Exception {
    cases("a", "b", "c");
    context.actor(
        "CompareActor",
        inputs -> inputs.containsKey("output_2.txt") ? verdict("WrongAnswer") : compare(inputs));
    run();

    assertThat(result())
        .startsWith("{\"verdict\":\"WrongAnswer\",\"message\":\"case 2: ")
        .contains("\"tag\":\"3\",\"verdict\":\"Accepted\"");
  }

  @Test
  void submission_overItsLimits_isNotCompared() throws Exception {
    cases("a");
    for (var expected :
        Map.of(
                "\"ExitCode\": 137, \"Limit\": \"memory\"", "MemoryExceeded",
                "\"ExitCode\": 137, \"Limit\": \"userTime\"", "TimeExceeded",
                "\"ExitCode\": 137, \"Limit\": \"totalTime\"", "TimeExceeded",
                "\"ExitCode\": 153, \"Limit\": \"output\"", "RuntimeError",
                "\"ExitCode\": 3", "RuntimeError",
                "\"ExitCode\": 0, \"Error\": \"no runner\"", "SystemError")
            .entrySet()) {
      var each = new FakeContext();
      each.initialBlob("Main.cpp", "right")
          .initialBlob("limit.json", "{}")
          .initialBlob("input_1.txt", "a")
          .initialBlob("output_1.txt", "a")
          .actor("CompileActor", JudgeStateMachineTest::compile)
          .actor("RunActor", inputs -> executed(expected.getKey(), inputs))
          .actor("ReportActor", inputs -> inputs);
      judge(each).runAsync().join();

      assertThat(each.output("ReportActor", "result.json"))
          .as(expected.getKey())
          .startsWith("{\"verdict\":\"" + expected.getValue() + "\"");
    }
  }

  @Test
  void submission_notCompilable_isNotRun() throws Exception {
    cases("a");
    context.actor(
        "CompileActor",
        inputs -> Map.of("runner.json", "{}", "stdout.txt", "", "stderr.txt", "no semicolon"));
    run();

    assertThat(result())
        .startsWith("{\"verdict\":\"CompileError\",\"message\":\"no semicolon\"")
        .contains("\"cases\":[]");
    assertThat(context.startedActors().ofActor("RunActor").all()).isEmpty();
  }

  @Test
  void submission_withValidator_isComparedByIt() throws Exception {
    cases("a");
    context.initialBlob("Validator.py", "accepts nothing");
    run();

    assertThat(result()).startsWith("{\"verdict\":\"PresentationError\"");
    assertThat(context.startedActors().inStage("Compile").all()).hasSize(2);
  }

  @Test
  void container_ofARun_hasRoomAboveTheLimit() throws Exception {
    cases("a");
    run();

    assertThat(context.params.stream().filter(it -> it.name().equals("RunActor")))
        .singleElement()
        .satisfies(it -> assertThat(it.tag()).isEqualTo("1"))
        .satisfies(it -> assertThat(it.limitation()).isNotNull())
        .extracting(it -> Objects.requireNonNull(it.limitation()).memory())
        .isEqualTo(228L << 20);
  }

  @Test
  void host_whenNamed_getsTheResult() throws Exception {
    cases("a");
    context.parameters.put("Host", "http://example.invalid");
    run();

    assertThat(context.hostCalls)
        .singleElement()
        .asString()
        .startsWith("POST /management/judge/result/" + context.id())
        .contains("\"Accepted\"");
  }

  @Test
  void instance_recoveredInALaterStage_usesWhatIsRecorded() throws Exception {
    cases("a");
    run();
    context.stages.add("Compare");
    judge(context).runAsync().join();

    assertThat(context.startedActors().ofActor("CompileActor").all()).hasSize(1);
    assertThat(context.startedActors().ofActor("RunActor").all()).hasSize(1);
  }

  @Test
  void instance_unknownStage_throws() {
    context.stages.add("Elsewhere");

    assertThatThrownBy(this::run)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Elsewhere");
  }

  @Test
  void instance_withoutSubmission_saysSo() {
    context.initialBlobs.clear();

    assertThatThrownBy(this::run).hasMessageContaining("Main.<ext>");
  }

  private void cases(String... texts) {
    for (var i = 1; i <= texts.length; i++) {
      context.initialBlob("input_" + i + ".txt", texts[i - 1]);
      context.initialBlob("output_" + i + ".txt", texts[i - 1]);
    }
  }

  private void run() throws Exception {
    judge(context).runAsync().join();
  }

  private static StateMachine judge(FakeContext context) {
    var catalog = StateMachineCatalog.over(new InMemoryDefinitions(), COMPILER);
    catalog.create("Judge", Sources.read(Sources.sample("JudgeStateMachine.java")), null);
    var hash = catalog.resolve("Judge").orElseThrow().sourceHash();
    var judge = catalog.instantiate("Judge", hash).orElseThrow();
    judge.bind(context);
    return judge;
  }

  private String result() {
    return context.output("ReportActor", "result.json");
  }

  private static Map<String, String> compile(Map<String, String> inputs) {
    assertThat(inputs).hasSize(1);
    var program = inputs.containsKey("Main.cpp") ? "Main" : "Validator";
    return Map.of(
        "runner.json",
        "{" + ENDED_WELL + "}",
        "stdout.txt",
        "",
        "stderr.txt",
        "",
        program + ".out",
        "program",
        program + ".json",
        "{}");
  }

  /** A program that writes its input. */
  private static Map<String, String> executed(String report, Map<String, String> inputs) {
    assertThat(inputs).containsKeys("Main.out", "Main.json", "limit.json").hasSize(4);
    var outputs = new LinkedHashMap<String, String>();
    outputs.put(
        "runner.json",
        "{\"UserTime\": 10, \"SystemTime\": 2, \"PeakMemory\": 2048, " + report + "}");
    inputs.keySet().stream()
        .filter(it -> it.startsWith("input_"))
        .forEach(it -> outputs.put("stdout.txt", inputs.get(it)));
    outputs.put("stderr.txt", "");
    return outputs;
  }

  private static Map<String, String> compare(Map<String, String> inputs) {
    var expected =
        inputs.entrySet().stream()
            .filter(it -> it.getKey().startsWith("output_"))
            .findFirst()
            .orElseThrow()
            .getValue();
    return verdict(
        inputs.containsKey("Validator.out")
            ? "PresentationError"
            : expected.equals(inputs.get("stdout.txt")) ? "Accepted" : "WrongAnswer");
  }

  private static Map<String, String> verdict(String verdict) {
    return Map.of("verdict.json", "{\"verdict\": \"" + verdict + "\", \"message\": \"\"}");
  }
}
