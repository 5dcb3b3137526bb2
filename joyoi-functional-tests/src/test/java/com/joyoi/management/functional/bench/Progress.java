package com.joyoi.management.functional.bench;

import java.io.PrintStream;

/** Says what goes on: a line for each row, on a terminal with its rounds. */
final class Progress {
  private static final String CLEAR = "\r\u001b[K";

  private final PrintStream out;
  private final PrintStream log;
  private final boolean terminal;

  /**
   * @param log for what nobody reads unless something is wrong
   */
  Progress(PrintStream out, PrintStream log, boolean terminal) {
    this.out = out;
    this.log = log;
    this.terminal = terminal;
  }

  void begin(Row row) {
    show(row.name() + ": preparing");
  }

  void round(Row row, int round, int rounds) {
    show(row.name() + ": round " + round + " of " + rounds);
  }

  private void show(String text) {
    if (terminal) {
      out.print(CLEAR + text);
      out.flush();
    }
  }

  void end(Row row, Result result) {
    line("✓ " + row.name() + ": " + Table.summary(row, result));
    if (!result.notes().isEmpty()) {
      line("    the service does not know all keys of this row's configuration; see the log");
      result.notes().forEach(log::println);
    }
  }

  void failed(Row row, Throwable why) {
    line("✗ " + row.name() + ": " + why.getMessage());
    why.printStackTrace(log);
    log.flush();
  }

  void log(String text) {
    log.println(text);
    log.flush();
  }

  void line(String text) {
    out.println((terminal ? CLEAR : "") + text);
    out.flush();
  }
}
