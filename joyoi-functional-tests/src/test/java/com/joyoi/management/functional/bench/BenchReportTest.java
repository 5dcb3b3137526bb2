package com.joyoi.management.functional.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.functional.LeftOut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is made of measured values. */
@LeftOut("it is about the benchmark itself")
class BenchReportTest {
  private static final Row FRESH = row("fresh");
  private static final Row INSTANCES = row("instances");

  @TempDir Path folder;

  private static Row row(String name) {
    return Rows.named(List.of(name)).get(0);
  }

  private static Result measured(Row row, double value) {
    var samples =
        List.of(
            Sample.ratio(value * 10, 10), Sample.ratio(value * 40, 20), Sample.ratio(value, 10));
    return Result.of(row, samples, Map.of("service", 1.5), List.of(), "2026-01-01");
  }

  private static Report report(Result... results) {
    return new Report(Map.of("machine", "a test"), List.of(results));
  }

  @Test
  void quantiles_ofUnsortedValues_lieBetweenThem() {
    assertThat(Quantiles.of(List.of(4.0, 1.0, 2.0))).isEqualTo(new Quantiles(1.5, 2, 3));
  }

  @Test
  void goals_ofBothDirections_areReachedOrMissed() {
    var atMost = Goal.atMost(1.3, 1.1);
    var atLeast = Goal.atLeast(600, 1_500);

    assertThat(List.of(atMost.verdict(1.31), atMost.verdict(1.2), atMost.verdict(1.1)))
        .containsExactly("missed", "reached", "aim reached");
    assertThat(List.of(atLeast.verdict(599), atLeast.verdict(700), atLeast.verdict(1_500)))
        .containsExactly("missed", "reached", "aim reached");
  }

  @Test
  void table_ofRatio_hasOursReferenceAndMedianOfRatios() {
    var lines = report(measured(FRESH, 1.2)).table().main();

    assertThat(lines).hasSize(3);
    assertThat(lines.get(2))
        .matches(
            "\\| `fresh` .* \\| 12.0 ms +\\| floor: 10.0 ms +\\| 1.20 +\\| ≤ 1.3 +\\| ≤ 1.1 +\\| .*"
                + "reached.*");
  }

  @Test
  void table_ofFailedRow_saysSo() {
    var lines = report(Result.failed(INSTANCES, "refused", "2026-01-01")).table().main();

    assertThat(lines.get(2)).contains("≥ 600", "≥ 1,500", "failed");
  }

  @Test
  void document_writtenAgainWithOneRow_keepsTheOthersAndItsText() throws IOException {
    var document = folder.resolve("performance.md");
    Files.writeString(document, "before\n" + Report.BEGIN + "\nold\n" + Report.END + "\nafter\n");

    report(measured(FRESH, 1.2), measured(INSTANCES, 700)).writeTo(document);
    report(measured(FRESH, 2)).writeTo(document);

    assertThat(Files.readString(document))
        .startsWith("before\n" + Report.BEGIN)
        .endsWith(Report.END + "\nafter\n")
        .contains("`instances`", "| 2.00 ", "performance/goals.svg")
        .doesNotContain("old", "| 1.20 ");
    assertThat(folder.resolve("performance/goals.svg")).content().contains("<svg", "fresh");
    assertThat(folder.resolve("performance/results.json")).content().contains("\"instances\"");
  }

  @Test
  void rows_ofUnknownName_areRefusedWithTheKnownOnes() {
    assertThatThrownBy(() -> Rows.named(List.of("fresh", "frsh")))
        .hasMessageContaining("'frsh'")
        .hasMessageContaining("fresh-8");
  }
}
