package com.joyoi.management.compile;

import static com.joyoi.management.compile.Sources.sample;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoDataTest {
  private static final SourceCompiler COMPILER = new SourceCompiler();

  private final JsonNode demo = read("demo.json");

  @Test
  void demo_submissions_areFifteenOfFiveVerdicts() {
    assertThat(demo.path("submissions")).hasSize(15);
    for (var language : List.of("C++", "Java", "Python")) {
      assertThat(demo.path("submissions"))
          .filteredOn(it -> it.path("language").asText().equals(language))
          .extracting(it -> it.path("expected").asText())
          .containsExactly(
              "Accepted", "WrongAnswer", "TimeExceeded", "MemoryExceeded", "CompileError");
    }
  }

  @Test
  void demo_filesOfTheProblem_exist() {
    demo.path("submissions").forEach(it -> assertExists(it.path("file")));
    demo.path("stateMachines").forEach(it -> assertExists(it.path("file")));
    demo.path("cases").forEach(it -> assertExists(it.path("input")));
    demo.path("cases").forEach(it -> assertExists(it.path("output")));
    assertThat(read(demo.path("limit").asText()).path("memoryMb").asInt()).isPositive();
  }

  @Test
  void demo_javaSubmissions_compileAsExpected() {
    for (var submission : demo.path("submissions")) {
      if (submission.path("language").asText().equals("Java")) {
        var source = Sources.read(sample("demo/" + submission.path("file").asText()));
        assertThat(COMPILER.compileActor(source) instanceof CompilationResult.Success)
            .as(submission.path("title").asText())
            .isEqualTo(!submission.path("expected").asText().equals("CompileError"));
      }
    }
  }

  private static void assertExists(JsonNode file) {
    assertThat(sample("demo").resolve(file.asText())).isRegularFile();
  }

  private static JsonNode read(String file) {
    try {
      return new ObjectMapper().readTree(sample("demo/" + file).toFile());
    } catch (IOException e) {
      throw new AssertionError(file, e);
    }
  }
}
