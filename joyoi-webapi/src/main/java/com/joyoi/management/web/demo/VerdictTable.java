package com.joyoi.management.web.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Lays verdicts out in columns. */
final class VerdictTable {
  private static final List<String> HEADER =
      List.of("submission", "language", "verdict", "expected", "", "time", "memory");
  private static final Set<Integer> RIGHT_ALIGNED = Set.of(5, 6);
  private static final double BYTES_PER_MB = 1024 * 1024;

  private VerdictTable() {}

  /** The table's lines. */
  static List<String> format(List<Verdict> verdicts) {
    var rows = new ArrayList<List<String>>();
    rows.add(HEADER);
    verdicts.forEach(verdict -> rows.add(row(verdict)));
    var widths = new int[HEADER.size()];
    for (var row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    var lines = new ArrayList<String>();
    for (var row : rows) {
      lines.add(line(row, widths));
    }
    lines.add(1, "-".repeat(lines.stream().mapToInt(String::length).max().orElse(0)));
    return lines;
  }

  private static List<String> row(Verdict verdict) {
    return List.of(
        verdict.submission().title(),
        verdict.submission().language(),
        verdict.verdict(),
        verdict.submission().expected(),
        verdict.isExpected() ? "ok" : "DIFFERS",
        verdict.memoryBytes() <= 0 ? "-" : verdict.timeMs() + " ms",
        verdict.memoryBytes() <= 0
            ? "-"
            : String.format(Locale.ROOT, "%.1f MB", verdict.memoryBytes() / BYTES_PER_MB));
  }

  private static String line(List<String> row, int[] widths) {
    var line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      var padding = " ".repeat(widths[i] - row.get(i).length());
      line.append(RIGHT_ALIGNED.contains(i) ? padding + row.get(i) : row.get(i) + padding);
      line.append(i + 1 < widths.length ? "  " : "");
    }
    return line.toString().stripTrailing();
  }
}
