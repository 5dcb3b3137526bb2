package com.joyoi.management.functional.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.joyoi.management.functional.bench.Row.Round;
import com.joyoi.management.functional.bench.RunningService.Input;
import com.joyoi.management.model.ActorLanguage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Rows about submissions to the judge of the samples. */
final class JudgeRows {
  private static final Path SAMPLES =
      Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolveSibling("docs/samples");

  private static final int CASES = 20;
  private static final int CLIENTS = 8;
  private static final int NUMBERS = 50;

  /** A round in which each client submits once is long enough when it takes this long. */
  private static final double LONG_MILLIS = 15_000;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Scene scene;
  private final RunningService service;
  private final String sourceName;
  private final String source;
  private final List<Input> problem = new ArrayList<>();

  /** No submission is the same as another: nobody could know its result. */
  private final AtomicInteger submissions = new AtomicInteger();

  private JudgeRows(Scene scene, String sourceName, String source) throws IOException {
    this.scene = scene;
    this.service = scene.service();
    this.sourceName = sourceName;
    this.source = source;
    var client = service.client();
    for (var actor :
        List.of("actors/CompileActor", "actors/RunActor", "actors/CompareActor", "ReportActor")) {
      var body = Files.readString(SAMPLES.resolve(actor + ".sh"));
      client.actors().create(actor.replace("actors/", ""), ActorLanguage.BASH, body);
    }
    var machine = Files.readString(SAMPLES.resolve("JudgeStateMachine.java"));
    client.stateMachines().create("JudgeStateMachine", machine, null);
    add("limit.json", "{\"userTimeMs\": 2000, \"totalTimeMs\": 30000, \"memoryMb\": 128}");
  }

  /** The sum of some numbers, in C++. */
  private static JudgeRows sums(Scene scene) throws IOException {
    var source = Files.readString(SAMPLES.resolve("demo/submissions/right.cpp"));
    var row = new JudgeRows(scene, "Main.cpp", source);
    for (int i = 1; i <= scene.count(CASES, 2); i++) {
      int step = i;
      var numbers = IntStream.range(0, NUMBERS).map(n -> n * step).toArray();
      var text = new StringBuilder(NUMBERS + "\n");
      IntStream.of(numbers).forEach(n -> text.append(n).append(' '));
      row.addCase(i, text + "\n", IntStream.of(numbers).sum() + "\n");
    }
    return row;
  }

  private void addCase(int number, String input, String output) {
    add("input_" + number + ".txt", input);
    add("output_" + number + ".txt", output);
  }

  private void add(String name, String content) {
    problem.add(new Input(put(content), name));
  }

  private UUID put(String content) {
    return service.put(content.getBytes(StandardCharsets.UTF_8));
  }

  /** From the upload of its source to its verdict. */
  private void submit() throws IOException {
    var comment = sourceName.endsWith(".py") ? "# " : "// ";
    var inputs = new ArrayList<>(problem);
    inputs.add(new Input(put(source + comment + submissions.incrementAndGet() + "\n"), sourceName));
    requireAccepted(service.run("JudgeStateMachine", inputs, Map.of()));
  }

  private void requireAccepted(JsonNode instance) throws IOException {
    var runs = instance.path("startedActors");
    var result = runs.path(runs.size() - 1).path("outputs").path(0).path("id").asText();
    var content = service.get("/Blob/" + result).path("body").binaryValue();
    var verdict = JSON.readTree(content).path("verdict").asText();
    if (!verdict.equals("Accepted")) {
      throw new IllegalStateException("a right program is " + verdict + ": " + runs);
    }
  }

  /** One C++ submission with all cases. */
  static Round cpp(Scene scene) throws IOException {
    return latency(sums(scene));
  }

  /** One Python program that says hello, with one case. */
  static Round python(Scene scene) throws IOException {
    var row = new JudgeRows(scene, "Main.py", "print(\"hello\")\n");
    row.addCase(1, "\n", "hello\n");
    return latency(row);
  }

  private static Round latency(JudgeRows row) throws IOException {
    row.submit();
    return () ->
        Sample.ratio(row.scene.ours(1, row::submit), Scene.millis(row.scene.engine()::floor));
  }

  /** Several clients that submit in C++; submissions per second, and the floor of one at a time. */
  static Round cppAtOnce(Scene scene) throws Exception {
    var row = sums(scene);
    var warmUp = Scene.millis(() -> Scene.atOnce(CLIENTS, 1, row::submit));
    int each = warmUp > LONG_MILLIS ? 1 : scene.count(3, 1);
    return () -> {
      var millis = scene.ours(CLIENTS * each, () -> Scene.atOnce(CLIENTS, each, row::submit));
      var floors = new ArrayList<Double>();
      for (int i = 0; i < 5; i++) {
        floors.add(Scene.millis(scene.engine()::floor));
      }
      return Sample.perFloor(CLIENTS * each * 1000.0 / millis, Quantiles.of(floors).median());
    };
  }
}
