package com.joyoi.management.functional.bench;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Results as tables of Markdown, which can be read as they are. */
final class Table {
  private final Map<Row, Result> results;

  /**
   * @param results in the order of the rows
   */
  Table(Map<Row, Result> results) {
    this.results = results;
  }

  List<String> main() {
    var cells = new ArrayList<List<String>>();
    cells.add(
        List.of("row", "ours", "reference", "ratio", "must reach", "aim", "spread", "rounds", ""));
    results.forEach((row, result) -> cells.add(line(row, result)));
    return aligned(cells);
  }

  private static List<String> line(Row row, Result result) {
    var goal = row.goal();
    var title = "`" + row.name() + "` " + row.title();
    var mustReach = goal.text(goal.mustReach());
    var aim = goal.text(goal.aim());
    if (result.failure() != null) {
      return List.of(title, "", "", "", mustReach, aim, "", "0", "failed");
    }
    var reference = result.reference();
    return List.of(
        title,
        number(result.ours()) + " " + row.unit(),
        reference == null
            ? ""
            : row.reference().replaceFirst(",.*", ": ") + number(reference) + unit(row),
        reference == null ? "" : number(result.value()),
        mustReach,
        aim,
        number(result.lower()) + " – " + number(result.upper()),
        String.valueOf(result.rounds()),
        goal.verdict(result.value()));
  }

  private static String unit(Row row) {
    return row.reference().replaceFirst(".*,", "");
  }

  static String summary(Row row, Result result) {
    return line(row, result).subList(1, 9).stream()
        .filter(it -> !it.isEmpty())
        .collect(Collectors.joining(" | "));
  }

  /** Milliseconds of processor time of one run, by process. */
  List<String> cpu() {
    Set<String> processes = new LinkedHashSet<>();
    results.values().forEach(result -> processes.addAll(result.cpuMillis().keySet()));
    var cells = new ArrayList<List<String>>();
    var head = new ArrayList<>(List.of("row", "one is"));
    head.addAll(processes);
    cells.add(head);
    results.forEach(
        (row, result) -> {
          if (!result.cpuMillis().isEmpty()) {
            var line = new ArrayList<>(List.of("`" + row.name() + "`", one(row)));
            processes.forEach(it -> line.add(number(result.cpuMillis().get(it))));
            cells.add(line);
          }
        });
    return aligned(cells);
  }

  private static String one(Row row) {
    return row.name().startsWith("blob")
        ? "blob"
        : row.name().startsWith("cpp") || row.name().equals("python")
            ? "submission"
            : row.setup().withNode() ? "run" : "instance";
  }

  /** Three digits that count. */
  static String number(@Nullable Double value) {
    if (value == null) {
      return "";
    }
    double size = Math.abs(value);
    int decimals = size >= 100 || size == 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }

  private static List<String> aligned(List<List<String>> cells) {
    var lines = new ArrayList<String>();
    int columns = cells.get(0).size();
    var widths = new int[columns];
    for (var line : cells) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    for (int row = 0; row < cells.size(); row++) {
      var text = new StringBuilder("|");
      for (int i = 0; i < columns; i++) {
        var cell = cells.get(row).get(i);
        text.append(' ').append(cell).append(" ".repeat(widths[i] - cell.length())).append(" |");
      }
      lines.add(text.toString());
      if (row == 0) {
        var rule = new StringBuilder("|");
        for (int width : widths) {
          rule.append(' ').append("-".repeat(Math.max(3, width))).append(" |");
        }
        lines.add(rule.toString());
      }
    }
    return lines;
  }
}
