package com.joyoi.management.functional.runner;

import static com.joyoi.management.functional.runner.RunnerFixture.file;
import static com.joyoi.management.functional.runner.RunnerFixture.returning;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.functional.LeftOut;
import com.joyoi.management.functional.OwnNode;
import com.joyoi.management.functional.RunsActors;
import com.joyoi.management.model.ActorLanguage;
import com.joyoi.management.model.ContainerOptions.Transport;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.runner.ContainerJob;
import com.joyoi.management.runner.RunOutcome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Files in and out. */
@RunsActors
@OwnNode
@ParameterizedClass
@EnumSource(Transport.class)
class FilesTest {
  /** Of contents that are sent once. */
  private static final String NO_HASH = "0".repeat(64);

  @Parameter Transport transport;

  private RunnerFixture fixture;

  @BeforeEach
  void connect() {
    fixture = new RunnerFixture(transport);
  }

  @AfterEach
  void leavesNothing() {
    fixture.close();
  }

  @Test
  void inputs_anyAllowedName_comeBackAsOutputs() {
    var names =
        new String[] {"plain", "a/b/c", "sp ace %41+?&#", "ü/汉字.txt", "-rf", "x".repeat(255)};
    var inputs =
        java.util.Arrays.stream(names)
            .map(name -> file(name, "content of " + name))
            .toArray(ContainerJob.JobFile[]::new);

    var run = fixture.bash("true" + returning(names), inputs);

    assertThat(run.outcome()).isEqualTo(new RunOutcome.Succeeded());
    assertThat(run.outputs()).hasSize(names.length);
    for (var name : names) {
      assertThat(run.output(name)).isEqualTo("content of " + name);
    }
  }

  @Test
  void input_withDotPrefix_isTheSameName() {
    assertThat(fixture.bash("cat a > b" + returning("./b"), file("./a", "x")).output("b"))
        .isEqualTo("x");
  }

  @Test
  @LeftOut("to spare the node and the network 300 MB")
  void input_largerThanTheHeapAllowsTwice_isStreamed() {
    // Larger than the memory of the test's own JVM would take in one piece beside its copy.
    var size = 300L << 20;
    var input = new ContainerJob.JobFile("big", size, NO_HASH, () -> new Zeros(size));

    assertThat(fixture.bash("stat -c %s big > s; rm big" + returning("s"), input).output("s"))
        .isEqualTo(String.valueOf(size));
  }

  @Test
  void input_shorterThanAnnounced_isOurFaultAndLeavesNothing() {
    var input = new ContainerJob.JobFile("short", 1000, NO_HASH, () -> new Zeros(10));

    assertThatThrownBy(() -> fixture.bash("true", input))
        .isInstanceOf(JoyoiException.class)
        .hasMessageContaining("short");
    assertThat(fixture.faults).isEmpty();
  }

  @Test
  void input_reservedName_failsBeforeAnyContainer() {
    assertThat(fixture.bash("true", file("run-actor.sh", "x")).failure()).contains("run-actor.sh");
  }

  @Test
  void script_whoseProcessIsKilled_isNamedByItsLanguage() {
    assertThat(fixture.bash("bash -c 'kill -9 $$'; exit 1").failure())
        .contains("/workdir/actor/actor.sh: line 1:", "Killed");
    assertThat(program(ActorLanguage.PYTHON, "raise Exception").failure())
        .contains("File \"/workdir/actor/actor.py\", line 1");
  }

  @Test
  void script_besideAnInputOfThatName_keepsTheConfiguredOne() {
    assertThat(fixture.bash("no-such; exit 1", file("actor/actor.sh", "echo input")).failure())
        .contains("/workdir/actor/actor.jar: line 1: no-such: command not found");
  }

  @Test
  void program_inPython_isRun() {
    fixture.require("python3");

    assertThat(program(ActorLanguage.PYTHON, PYTHON).output("o")).isEqualTo("from python");
  }

  private static final String PYTHON =
      """
      import json
      open("o", "w").write("from python")
      json.dump({"outputs": ["o"]}, open("return.json", "w"))
      """;

  private RunnerFixture.Run program(ActorLanguage language, String text) {
    var job =
        new ContainerJob(
            UUID.randomUUID(),
            UUID.randomUUID(),
            List.of(),
            text.getBytes(StandardCharsets.UTF_8),
            language,
            Limitation.DEFAULTS,
            false,
            false,
            new RunnerFixture.Outputs());
    return fixture.run(job);
  }

  @Test
  void output_empty_isDelivered() {
    assertThat(fixture.bash(": > e" + returning("e")).output("e")).isEmpty();
  }

  @Test
  void log_failedProgram_isItsEndWithoutControlCharacters() {
    var run =
        fixture.bash(
            "head -c 100000 /dev/zero | tr '\\0' x; printf 'first\\n\\033[31mlast\\377\\n'; exit 3",
            Limitation.builder().logBytes(40L).build());

    assertThat(run.failure())
        .startsWith("the actor ended with exit code 3\n…xxx")
        .endsWith("first\n\uFFFD[31mlast\uFFFD")
        .hasSizeLessThan(100);
  }

  /** A content of any length that costs no memory. */
  private static final class Zeros extends InputStream {
    private long left;

    Zeros(long size) {
      left = size;
    }

    @Override
    public int read() {
      return left-- > 0 ? 0 : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (left <= 0) {
        return -1;
      }
      var count = (int) Math.min(length, left);
      java.util.Arrays.fill(target, offset, offset + count, (byte) 0);
      left -= count;
      return count;
    }
  }
}
