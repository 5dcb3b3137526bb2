package com.joyoi.management.functional.runner;

import static com.joyoi.management.functional.runner.RunnerFixture.returning;
import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.functional.OwnNode;
import com.joyoi.management.functional.RunsActors;
import com.joyoi.management.model.ContainerOptions.Transport;
import com.joyoi.management.model.Limitation;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Results that were made to harm whoever reads them: each fails its own run, and nothing else. */
@RunsActors
@OwnNode
@ParameterizedClass
@EnumSource(Transport.class)
class HostileOutputTest {
  @Parameter Transport transport;

  private RunnerFixture fixture;

  @BeforeEach
  void connect() {
    fixture = new RunnerFixture(transport);
  }

  @AfterEach
  void leavesNothing() {
    assertThat(fixture.faults).isEmpty();
    fixture.close();
  }

  private String failureOf(String script) {
    var run = fixture.bash(script);
    assertThat(run.outputs()).isEmpty();
    return run.failure();
  }

  @Test
  void output_symbolicLink_isRefused() {
    assertThat(failureOf("ln -s /etc/passwd x" + returning("x"))).contains("'x' is a link");
  }

  @Test
  void output_throughLinkedFolder_isRefused() {
    assertThat(failureOf("ln -s /etc d" + returning("d/passwd"))).contains("'d' is a link");
  }

  @Test
  void output_folder_isRefused() {
    assertThat(failureOf("mkdir d; touch d/f" + returning("d"))).contains("'d' is a folder");
  }

  @Test
  void output_belowFile_isRefused() {
    assertThat(failureOf("touch f" + returning("f/g"))).contains("'f' is a regular file");
  }

  @Test
  void output_pipe_isRefusedWithoutWaitingForAWriter() {
    assertThat(failureOf("mkfifo p" + returning("p"))).contains("'p' is a device or pipe");
  }

  @Test
  void output_socket_isRefused() {
    fixture.require("python3");
    var script =
        "python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"s\")'" + returning("s");

    assertThat(failureOf(script)).contains("'s' is not a regular file");
  }

  @Test
  void output_missing_isRefused() {
    assertThat(failureOf("true" + returning("nothing"))).contains("no output 'nothing'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../etc/passwd", "a/../../x", "/etc/passwd", "", ".", "a//b", "a/"})
  void output_nameOutsideTheRule_isRefused(String name) {
    assertThat(failureOf("true" + returning(name))).contains("file name '" + name + "'");
  }

  @Test
  void output_namedTwice_isRefused() {
    assertThat(failureOf("touch x" + returning("x", "./x"))).contains("stands twice");
  }

  @Test
  void output_largerThanAllowed_isRefusedWithoutBeingRead() {
    var limitation = Limitation.builder().outputBytes(1000L).build();

    var run = fixture.bash("truncate -s 1T huge" + returning("huge"), limitation);

    assertThat(run.failure()).contains("Limitation.OutputBytes", "1099511627776");
  }

  @Test
  void outputs_largerThanAllowedTogether_areRefused() {
    var limitation = Limitation.builder().outputBytes(1000L).build();

    var run =
        fixture.bash("truncate -s 600 a; truncate -s 600 b" + returning("a", "b"), limitation);

    assertThat(run.failure()).contains("output 'b'", "Limitation.OutputBytes");
  }

  @Test
  void outputs_moreThanAllowed_areRefused() {
    var names = IntStream.range(0, 300).mapToObj(i -> "o" + i).toArray(String[]::new);

    assertThat(failureOf("touch o{0..299}" + returning(names))).contains("Limitation.OutputFiles");
  }

  @Test
  void result_missing_isTheProgramsFaultWithItsLog() {
    assertThat(failureOf("echo forgot it")).contains("no result 'return.json'", "forgot it");
  }

  @Test
  void result_symbolicLink_isRefused() {
    assertThat(failureOf("echo '{\"Outputs\":[]}' > x; ln -s x return.json"))
        .contains("'return.json' is a link");
  }

  @Test
  void result_hugeFile_isRefused() {
    assertThat(failureOf("truncate -s 5G return.json"))
        .contains("return.json has 5368709120 bytes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "{\"Outputs\": null}",
        "{\"Outputs\": \"a\"}",
        "{\"Outputs\": [1]}",
        "{\"Outputs\": [null]}",
        "{\"Outputs\": []",
        "{\"Outputs\": []} x",
        "{\"Outputs\": [], \"outputs\": []}",
        "{\"Outputs\": [], \"Outputs\": []}",
        "not json"
      })
  void result_malformed_isRefusedSayingWhatIsExpected(String json) {
    assertThat(failureOf("printf %s '" + json + "' > return.json"))
        .contains("return.json", "it must be {\"Outputs\": [\"name\", …]}");
  }

  @Test
  void log_replacedByLink_isNotFollowed() {
    assertThat(failureOf("ln -sf /etc/passwd run-actor.log; exit 1")).doesNotContain("root:");
  }
}
