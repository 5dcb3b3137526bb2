package com.joyoi.management.functional.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that is written of a benchmark.
 *
 * @param machine what it ran on
 */
record Report(Map<String, String> machine, List<Result> results) {
  private static final String JSON_FILE = "results.json";
  static final String BEGIN =
      "<!-- What stands from here to the end mark is written by ./joyoi bench --doc -->";
  static final String END = "<!-- end -->";

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  boolean hasFailures() {
    return results.stream().anyMatch(result -> result.failure() != null);
  }

  Table table() {
    return new Table(byRow());
  }

  private Map<Row, Result> byRow() {
    var byRow = new LinkedHashMap<Row, Result>();
    for (var row : Rows.ALL) {
      for (var result : results) {
        if (result.row().equals(row.name())) {
          byRow.put(row, result);
        }
      }
    }
    return byRow;
  }

  /** JSON and charts. */
  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    JSON.writeValue(folder.resolve(JSON_FILE).toFile(), this);
    new Charts(byRow()).write(folder);
  }

  /**
   * Replaces what an earlier benchmark wrote to a document, and the files in the folder of its
   * name. Rows that were not measured now keep their values.
   */
  void writeTo(Path document) throws IOException {
    var folder = Path.of(document.toString().replaceFirst("\\.md$", ""));
    var all = with(folder.resolve(JSON_FILE));
    all.write(folder);
    var text = Files.readString(document);
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END, begin + 1);
    if (begin < 0 || end < 0) {
      throw new IOException(document + " has no lines '" + BEGIN + "' and '" + END + "'");
    }
    Files.writeString(
        document,
        text.substring(0, begin + BEGIN.length())
            + "\n\n"
            + String.join("\n", all.section(String.valueOf(folder.getFileName())))
            + "\n\n"
            + text.substring(end));
  }

  private Report with(Path earlier) throws IOException {
    if (!Files.exists(earlier)) {
      return this;
    }
    var all = new LinkedHashMap<String, Result>();
    JSON.readValue(earlier.toFile(), Report.class).results.forEach(it -> all.put(it.row(), it));
    results.forEach(it -> all.put(it.row(), it));
    return new Report(machine, List.copyOf(all.values()));
  }

  private List<String> section(String folder) {
    var days = results.stream().map(Result::measured).distinct().sorted().toList();
    var lines = new ArrayList<String>();
    lines.add("Measured on " + String.join(", ", days) + ": ");
    machine.forEach((what, value) -> lines.add("- " + what + ": " + value));
    lines.add("");
    lines.addAll(table().main());
    lines.add("");
    lines.add("![Distance of each row from what it must reach](" + folder + "/goals.svg)");
    lines.add("");
    lines.add("![Times of ours and of the references](" + folder + "/times.svg)");
    lines.add("");
    lines.add("Processor time, in ms, of one run, submission, instance or blob, by process:");
    lines.add("");
    lines.addAll(table().cpu());
    return lines;
  }
}
