package com.joyoi.management.usercode;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.joyoi.management.catalog.InMemoryDefinitions;
import com.joyoi.management.catalog.StateMachineCatalog;
import com.joyoi.management.compile.SourceCompiler;
import com.joyoi.management.compile.Sources;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** The judge of the samples with actors that keep to the contract of {@code samples/actors}. */
final class JudgeFixture {
  static final String ENDED_WELL = "\"ExitCode\": 0, \"Limit\": null, \"Error\": \"\"";

  private static final SourceCompiler COMPILER = new SourceCompiler();

  final FakeContext context = new FakeContext();

  JudgeFixture() {
    context
        .initialBlob("Main.cpp", "right")
        .initialBlob("limit.json", "{\"userTimeMs\": 1000, \"memoryMb\": 100}")
        .actor("CompileActor", JudgeFixture::compiled)
        .actor("RunActor", inputs -> executed(ENDED_WELL, inputs))
        .actor("CompareActor", JudgeFixture::compared)
        .actor("ReportActor", inputs -> inputs);
  }

  /** Cases from 1 with these inputs; a program that writes its input is right. */
  JudgeFixture cases(String... texts) {
    for (var i = 1; i <= texts.length; i++) {
      context.initialBlob("input_" + i + ".txt", texts[i - 1]);
      context.initialBlob("output_" + i + ".txt", texts[i - 1]);
    }
    return this;
  }

  /** The comparison answers so on these cases, and as ever on the others. */
  JudgeFixture answering(String verdictFile, String... tags) {
    var before = Objects.requireNonNull(context.actors.get("CompareActor"));
    context.actor(
        "CompareActor",
        inputs ->
            Arrays.stream(tags).anyMatch(it -> inputs.containsKey("output_" + it + ".txt"))
                ? Map.of("verdict.json", verdictFile)
                : before.apply(inputs));
    return this;
  }

  JudgeFixture limit(String json) {
    return without("limit.json").with("limit.json", json);
  }

  JudgeFixture with(String blob, String text) {
    context.initialBlob(blob, text);
    return this;
  }

  JudgeFixture without(String blob) {
    context.initialBlobs.removeIf(it -> it.name().equals(blob));
    return this;
  }

  /** As after a recovery, or a PATCH. */
  JudgeFixture atStage(String stage) {
    context.stages.add(stage);
    return this;
  }

  JudgeFixture run() throws Exception {
    machine().runAsync().join();
    return this;
  }

  /** To be run, and told of errors, by the test. */
  StateMachine machine() {
    return machine("Judge");
  }

  /**
   * @param name {@code Judge} of {@code JudgeStateMachine.java}
   */
  StateMachine machine(String name) {
    var catalog = StateMachineCatalog.over(new InMemoryDefinitions(), COMPILER);
    catalog.create("Judge", Sources.read(Sources.sample(name + "StateMachine.java")), null);
    var hash = catalog.resolve("Judge").orElseThrow().sourceHash();
    var judge = catalog.instantiate("Judge", hash).orElseThrow();
    judge.bind(context);
    return judge;
  }

  String result() {
    return context.output("ReportActor", "result.json");
  }

  /** {@code verdict: message} of the whole submission. */
  String verdict() {
    return verdict(read());
  }

  /** {@code verdict: message} of each case, by its tag. */
  Map<String, String> cases() {
    var cases = new LinkedHashMap<String, String>();
    read().path("cases").forEach(it -> cases.put(it.path("tag").asText(), verdict(it)));
    return cases;
  }

  /** Of the last run of an actor with a tag. */
  RunActorParam param(String actor, String tag) {
    return context.params.stream()
        .filter(it -> it.name().equals(actor) && tag.equals(it.tag()))
        .toList()
        .getLast();
  }

  JsonNode read() {
    try {
      return new ObjectMapper().readTree(result());
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static String verdict(JsonNode result) {
    return result.path("verdict").asText() + ": " + result.path("message").asText();
  }

  /** An actor that fails. */
  static Map<String, String> failed(String reason) {
    throw new IllegalStateException(reason);
  }

  private static Map<String, String> compiled(Map<String, String> inputs) {
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

  /** A program that writes its input, and a space, so that somebody has to compare. */
  static Map<String, String> executed(String report, Map<String, String> inputs) {
    var input = only("input_", inputs);
    return Map.of(
        "runner.json",
        "{\"UserTime\": 10, \"SystemTime\": 2, \"PeakMemory\": 2048, " + report + "}",
        "stdout.txt",
        input + " ",
        "stderr.txt",
        "");
  }

  static Map<String, String> compared(Map<String, String> inputs) {
    var right = only("output_", inputs).equals(inputs.getOrDefault("stdout.txt", "").strip());
    return verdictFile(
        inputs.containsKey("Validator.out")
            ? "PresentationError"
            : right ? "Accepted" : "WrongAnswer");
  }

  static Map<String, String> verdictFile(String verdict) {
    return Map.of("verdict.json", "{\"verdict\": \"" + verdict + "\", \"message\": \"\"}");
  }

  private static String only(String prefix, Map<String, String> inputs) {
    var texts =
        inputs.entrySet().stream()
            .filter(it -> it.getKey().startsWith(prefix))
            .map(Map.Entry::getValue)
            .toList();
    if (texts.size() != 1) {
      throw new AssertionError("expected one " + prefix + "<i>.txt in " + inputs.keySet());
    }
    return texts.getFirst();
  }
}
