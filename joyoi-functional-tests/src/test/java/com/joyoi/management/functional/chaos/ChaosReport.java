package com.joyoi.management.functional.chaos;

import com.joyoi.management.functional.chaos.Checker.Complaint;
import com.joyoi.management.functional.chaos.Checker.Wrong;
import com.joyoi.management.functional.chaos.Round.Outcome;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What is said of rounds, at once and in the end. */
final class ChaosReport {
  static final String BEGIN =
      "<!-- What stands from here to the end mark is written by ./joyoi chaos --doc -->";
  static final String END = "<!-- end -->";

  private final ChaosOptions options;
  private final Path log;
  private final RoundsFile rounds;

  /**
   * @param plan all rounds of the run
   */
  ChaosReport(ChaosOptions options, List<Round> plan) throws IOException {
    this.options = options;
    log = options.out().resolve("chaos.log");
    if (options.from() == 1) {
      Files.deleteIfExists(log);
    }
    rounds = new RoundsFile(options.out().resolve("rounds.jsonl"), plan, options.from());
  }

  static String line(Outcome outcome) {
    return "%s %s: %d instances; the fault took %.1f s, all was seen to be right %.1f s later"
        .formatted(
            outcome.complaints().isEmpty() ? "✓" : "✗",
            outcome.round(),
            outcome.accepted(),
            outcome.faultMillis() / 1000.0,
            outcome.recoveryMillis() / 1000.0);
  }

  /** One line, and what is wrong. */
  void tell(Outcome outcome, PrintStream console) throws IOException {
    var lines = new ArrayList<String>();
    lines.add(line(outcome));
    outcome.notes().forEach(note -> lines.add("    " + note));
    for (var complaint : outcome.complaints()) {
      lines.add("    " + complaint.wrong() + ": " + complaint.what());
    }
    lines.forEach(console::println);
    Files.write(log, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    rounds.add(outcome);
  }

  /** The table, also of rounds that an earlier run of the same plan has told of. */
  void write(PrintStream console) throws IOException {
    var table = table(rounds.outcomes());
    Files.write(options.out().resolve("chaos.md"), table);
    console.println();
    table.forEach(console::println);
    if (options.doc() != null) {
      writeTo(Objects.requireNonNull(options.doc()), table);
    }
  }

  private List<String> table(Collection<Outcome> outcomes) {
    var byFault =
        outcomes.stream()
            .collect(
                Collectors.groupingBy(
                    it -> it.round().fault().name(), TreeMap::new, Collectors.toList()));
    var lines = new ArrayList<String>();
    lines.add(
        "| fault | rounds | with two services | instances | lost | wrongly failed | doubled | leaked"
            + " | unwell | all right after, longest |");
    lines.add("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    byFault.forEach((fault, some) -> lines.add(row(fault, some)));
    lines.add(row("**all**", outcomes));
    return lines;
  }

  private static String row(String fault, Collection<Outcome> outcomes) {
    var cells = new ArrayList<String>();
    cells.add(fault);
    cells.add(String.valueOf(outcomes.size()));
    cells.add(String.valueOf(outcomes.stream().filter(it -> it.round().services() > 1).count()));
    cells.add(String.valueOf(outcomes.stream().mapToInt(Outcome::accepted).sum()));
    for (var wrong : Wrong.values()) {
      long count =
          outcomes.stream()
              .flatMap(it -> it.complaints().stream())
              .map(Complaint::wrong)
              .filter(wrong::equals)
              .count();
      cells.add(String.valueOf(count));
    }
    var longest = outcomes.stream().mapToLong(Outcome::recoveryMillis).max().orElse(0);
    cells.add("%.0f s".formatted(longest / 1000.0));
    return "| " + String.join(" | ", cells) + " |";
  }

  private void writeTo(Path document, List<String> table) throws IOException {
    var text = Files.readString(document);
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END, begin + 1);
    if (begin < 0 || end < 0) {
      throw new IOException(document + " has no lines '" + BEGIN + "' and '" + END + "'");
    }
    var command =
        "%s, by `./joyoi chaos --rounds %d --seed %d%s`:"
            .formatted(
                LocalDate.now(),
                options.rounds(),
                options.seed(),
                options.galera() ? " --galera" : "");
    Files.writeString(
        document,
        text.substring(0, begin + BEGIN.length())
            + "\n\n"
            + command
            + "\n\n"
            + String.join("\n", table)
            + "\n\n"
            + text.substring(end));
  }
}
