package com.joyoi.management.functional.ownnodes;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.functional.LeftOut;
import com.joyoi.management.functional.ownnodes.Check.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator reads. */
@LeftOut("it is about these tests themselves")
class ReportTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final Report report =
      new Report(new PrintStream(printed, true, StandardCharsets.UTF_8), false);

  private List<String> lines() {
    return printed.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void group_ofSeveralOutcomes_countsThemAndGivesEachReasonOnce() {
    report.group(
        "limitation",
        List.of(
            new Check("", "memory", Outcome.PASSED, ""),
            new Check("", "read", Outcome.UNABLE, "no device"),
            new Check("", "write", Outcome.UNABLE, "no device"),
            new Check("", "pids", Outcome.FAILED, "expected: 1\n\nbut was: 2")),
        List.of("cgroup 2"),
        7);

    assertThat(lines())
        .containsExactly(
            "  ✗ limitation              1 passed, 1 failed, 2 not possible (7 s)   cgroup 2",
            "      ✗ pids",
            "          expected: 1",
            "          but was: 2",
            "      – read, and 1 more",
            "          no device");
  }

  @Test
  void group_thatFailedBeforeItsTests_saysWhyInOneLine() {
    report.group(
        "connection",
        List.of(new Check("", Collector.WHOLE_CLASS, Outcome.FAILED, "refused")),
        List.of(),
        0);

    assertThat(lines())
        .containsExactly("  ✗ connection              0 passed, 1 failed (0 s)", "      ✗ refused");
  }

  @Test
  void names_ofTests_areTurnedIntoWords() {
    assertThat(Wording.ofClass("HostileOutputTest")).isEqualTo("hostile output");
    assertThat(Wording.ofMethod("memory_exceeded_isCalledOutOfMemory"))
        .isEqualTo("memory exceeded: is called out of memory");
    assertThat(Wording.ofMethod("engine_asked_isOfAVersion"))
        .isEqualTo("engine asked: is of a version");
  }

  @Test
  void leftOut_namesWhatHarms_withItsReason(@TempDir Path folder) {
    assertThat(new Suite(folder).leftOut())
        .containsEntry("node outage", "it kills and stops the engines of nodes")
        .doesNotContainKeys("connection", "limitation", "database server");
  }
}
