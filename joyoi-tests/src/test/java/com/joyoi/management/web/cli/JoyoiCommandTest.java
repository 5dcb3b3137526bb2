package com.joyoi.management.web.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JoyoiCommandTest {
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final ByteArrayOutputStream complained = new ByteArrayOutputStream();
  @TempDir private Path folder;

  @BeforeEach
  void capture() {
    System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void release() {
    System.setOut(out);
    System.setErr(err);
  }

  @Test
  void version_isPrinted() {
    assertThat(JoyoiCommand.run("version")).isZero();
    assertThat(written.toString(StandardCharsets.UTF_8)).startsWith("JoyOI Management Service ");
  }

  @Test
  void serve_withFaultyConfiguration_hasALineForEachFault() throws IOException {
    var file = folder.resolve("bad.json");
    Files.writeString(file, "{\"Http\":{\"Port\":-1},\"JoyOIManagement\":{\"Name\":\"\"}}");

    assertThat(JoyoiCommand.run("serve", "--config", file.toString())).isEqualTo(2);

    assertThat(complained.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "error: Http.Port is -1; it must be a whole number from 0 to 65535",
            "error: JoyOIManagement.Name is ''; it must be 1 to 100 characters");
  }

  @Test
  void command_unknown_isRefusedWithoutStackTrace() {
    assertThat(JoyoiCommand.run("bogus")).isEqualTo(2);
    assertThat(complained.toString(StandardCharsets.UTF_8))
        .contains("bogus")
        .doesNotContain("\tat ");
  }

  @Test
  void demo_withoutService_saysSoInOneLine() throws IOException {
    Files.writeString(
        folder.resolve("demo.json"),
        """
        {"problem": "p", "stateMachine": "S", "stateMachines": [{"name": "S", "file": "demo.json"}],
         "actors": [], "limit": "demo.json", "cases": [], "submissions": [],
         "result": {"actor": "R", "output": "o"}}
        """);

    // Port 1 is nobody's.
    var code =
        JoyoiCommand.run("demo", "--url", "http://127.0.0.1:1", "--samples", folder.toString());

    assertThat(code).isEqualTo(2);
    assertThat(complained.toString(StandardCharsets.UTF_8).lines())
        .singleElement()
        .asString()
        .contains("is the service running there?");
  }
}
