package com.joyoi.management.functional.ownnodes;

import com.joyoi.management.functional.ownnodes.Check.Outcome;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the operator reads, written while the tests run. For one thread. */
final class Report {
  private static final int GROUP_WIDTH = 24;

  /** Enough for what was expected and what was there; the XML has the rest. */
  private static final int DETAIL_LINES = 8;

  private static final int LINE_WIDTH = 400;

  private final PrintStream out;
  private final boolean isTerminal;
  private boolean progressIsShown;

  /**
   * @param isTerminal whether colours and a line that is overwritten make sense
   */
  Report(PrintStream out, boolean isTerminal) {
    this.out = out;
    this.isTerminal = isTerminal;
  }

  /** A section of the report, such as a node. */
  void section(String title) {
    line("");
    line(bold(title));
  }

  void line(String text) {
    if (progressIsShown) {
      out.print("\r\033[K");
      progressIsShown = false;
    }
    out.println(text);
    out.flush();
  }

  /** What is going on; on a terminal alone. */
  void progress(String what) {
    if (isTerminal) {
      out.print("\r\033[K    " + cut("… " + what, 100));
      out.flush();
      progressIsShown = true;
    }
  }

  /** One line for the tests of a class, and below it whatever did not pass, with its reason. */
  void group(String name, List<Check> checks, List<String> notes, long seconds) {
    var failed = count(checks, Outcome.FAILED);
    var unable = count(checks, Outcome.UNABLE);
    var passed = count(checks, Outcome.PASSED);
    var mark = failed > 0 ? red("✗") : passed > 0 ? green("✓") : yellow("–");
    var text = new StringBuilder("  ").append(mark).append(' ').append(padded(name, GROUP_WIDTH));
    text.append(passed).append(" passed");
    if (failed > 0) {
      text.append(", ").append(failed).append(" failed");
    }
    if (unable > 0) {
      text.append(", ").append(unable).append(" not possible");
    }
    text.append(" (").append(seconds).append(" s)");
    if (!notes.isEmpty()) {
      text.append("   ").append(notes.stream().sorted().collect(Collectors.joining("; ")));
    }
    line(text.toString());
    details(checks, Outcome.FAILED, red("✗"));
    details(checks, Outcome.UNABLE, yellow("–"));
  }

  /** Many tests often have one reason. */
  private void details(List<Check> checks, Outcome outcome, String mark) {
    Map<String, List<String>> byReason = new LinkedHashMap<>();
    for (var check : checks) {
      if (check.outcome() == outcome) {
        byReason.computeIfAbsent(check.detail(), reason -> new ArrayList<>()).add(check.name());
      }
    }
    byReason.forEach(
        (reason, names) -> {
          var more = names.size() == 1 ? "" : ", and " + (names.size() - 1) + " more";
          var lines = reason.lines().filter(text -> !text.isBlank()).limit(DETAIL_LINES).toList();
          var titled = !names.getFirst().equals(Collector.WHOLE_CLASS) || lines.isEmpty();
          line("      " + mark + " " + (titled ? names.getFirst() + more : lines.getFirst()));
          lines.stream()
              .skip(titled ? 0 : 1)
              .forEach(text -> line("          " + cut(text, LINE_WIDTH)));
        });
  }

  static long count(List<Check> checks, Outcome outcome) {
    return checks.stream().filter(check -> check.outcome() == outcome).count();
  }

  static String padded(String text, int width) {
    return text + " ".repeat(Math.max(1, width - text.length()));
  }

  private static String cut(String text, int width) {
    return text.length() <= width ? text : text.substring(0, width - 1) + "…";
  }

  String bold(String text) {
    return coloured("1", text);
  }

  String red(String text) {
    return coloured("31", text);
  }

  String green(String text) {
    return coloured("32", text);
  }

  String yellow(String text) {
    return coloured("33", text);
  }

  private String coloured(String code, String text) {
    return isTerminal ? "\033[" + code + "m" + text + "\033[0m" : text;
  }
}
