package com.joyoi.management.compile;

import static com.joyoi.management.compile.Sources.sample;
import static com.joyoi.management.compile.Sources.value;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SamplesTest {
  private static final SourceCompiler COMPILER = new SourceCompiler();

  static List<Path> stateMachines() throws IOException {
    return javaFiles(sample("."));
  }

  static List<Path> actors() throws IOException {
    return javaFiles(sample("actors-java"));
  }

  @ParameterizedTest
  @MethodSource("stateMachines")
  void stateMachine_sample_compiles(Path file) {
    var compiled = value(COMPILER.compileStateMachine(Sources.read(file)));

    assertThat(compiled.className() + ".java").isEqualTo(file.getFileName().toString());
    assertThat(compiled.newInstance()).isNotNull();
  }

  @ParameterizedTest
  @MethodSource("actors")
  void actor_sample_compiles(Path file) {
    assertThat(value(COMPILER.compileActor(Sources.read(file)))).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource({"stateMachines", "actors"})
  void sample_head_saysHowToSubmitIt(Path file) {
    assertThat(Sources.read(file)).contains("curl -X PUT").contains(file.getFileName().toString());
  }

  @Test
  void samples_ofBothKinds_exist() throws IOException {
    assertThat(stateMachines()).hasSizeGreaterThanOrEqualTo(3);
    assertThat(actors()).isNotEmpty();
  }

  private static List<Path> javaFiles(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(it -> it.toString().endsWith(".java")).sorted().toList();
    }
  }
}
