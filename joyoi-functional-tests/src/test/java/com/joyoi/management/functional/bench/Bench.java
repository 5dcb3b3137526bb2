package com.joyoi.management.functional.bench;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The program of {@code ./joyoi bench}, on the test bed that the launcher has started. Exit code 1
 * when a row failed (not: when it missed what it must reach), 2 for bad arguments.
 */
public final class Bench {
  private Bench() {}

  public static void main(String... arguments) throws Exception {
    System.setProperty("java.awt.headless", "true");
    BenchOptions options;
    try {
      options = BenchOptions.parse(arguments);
      Rows.named(options.rows());
    } catch (IllegalArgumentException e) {
      System.err.println("joyoi: bench: " + e.getMessage());
      System.exit(2);
      return;
    }
    if (options.list()) {
      Rows.ALL.forEach(row -> System.out.printf("  %-15s %s%n", row.name(), row.title()));
      return;
    }
    System.exit(run(options) ? 0 : 1);
  }

  private static boolean run(BenchOptions options) throws Exception {
    RowRunner.requireFlushedCommits();
    Files.createDirectories(options.out());
    var console =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    var terminal = Boolean.getBoolean("joyoi.terminal");
    try (var log =
            new PrintStream(options.out().resolve("bench.log").toFile(), StandardCharsets.UTF_8);
        var engine = RawEngine.connect()) {
      var progress = new Progress(console, log, terminal);
      // The first containers after the start of an engine take longer.
      for (int i = 0; i < 3; i++) {
        engine.floor();
      }
      var runner = new RowRunner(options, engine, progress);
      var results = new ArrayList<Result>();
      var report = new Report(machine(engine), results);
      for (var row : Rows.named(options.rows())) {
        results.add(runner.run(row));
        // Whoever cuts the benchmark short keeps what there is.
        report.write(options.out());
      }
      if (options.doc() != null) {
        report.writeTo(options.doc());
      }
      progress.line("");
      report.table().main().forEach(progress::line);
      if (options.quick()) {
        progress.line("");
        progress.line("One short round of each row: these are no measurements.");
      }
      return !report.hasFailures();
    }
  }

  private static Map<String, String> machine(RawEngine engine) throws Exception {
    var machine = new LinkedHashMap<String, String>();
    machine.put(
        "machine",
        Runtime.getRuntime().availableProcessors()
            + " processors ("
            + processor()
            + "), shared by service, database, engine and client; Linux "
            + System.getProperty("os.version"));
    machine.put("engine", "Docker Engine " + engine.version() + ", over mutual TLS on loopback");
    machine.put(
        "database",
        DatabaseServer.variable("version")
            + ", innodb_flush_log_at_trx_commit=1, on the same disk");
    machine.put("Java", System.getProperty("java.vendor.version", "") + " " + Runtime.version());
    return machine;
  }

  private static String processor() throws Exception {
    try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.replaceFirst(".*:\\s*", ""))
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    }
  }
}
