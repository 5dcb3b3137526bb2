package com.joyoi.management.functional.bench;

import com.joyoi.management.functional.TestBed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs rows, one after the other, each with a service of its own. */
final class RowRunner {
  /** Of a row, without its preparation; a round that has begun is ended. */
  private static final long ROW_NANOS = 120_000_000_000L;

  /**
   * Of rounds that don't count. A service lives for weeks, and its compilers have seen every path
   * after a short while; the client's have, too.
   */
  private static final long WARM_UP_NANOS = 90_000_000_000L;

  /** Even where they take longer than that. */
  private static final int ROUNDS_AT_LEAST = 2;

  private final BenchOptions options;
  private final RawEngine engine;
  private final Progress progress;

  RowRunner(BenchOptions options, RawEngine engine, Progress progress) {
    this.options = options;
    this.engine = engine;
    this.progress = progress;
  }

  /** Whatever happens to a row is its result: the others have their own. */
  Result run(Row row) throws InterruptedException {
    var today = LocalDate.now(ZoneOffset.UTC).toString();
    progress.begin(row);
    try {
      var result = measured(row, today);
      progress.end(row, result);
      return result;
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception | AssertionError e) {
      var result = Result.failed(row, String.valueOf(e.getMessage()), today);
      progress.failed(row, e);
      return result;
    }
  }

  private Result measured(Row row, String today) throws Exception {
    if (!row.setup().needed()) {
      return rounds(row, null, new CpuTimes(Map.of()), today);
    }
    var folder = Files.createTempDirectory("bench-");
    try (var service =
        RunningService.start(folder, row.setup(), options.jvmOptions(), recording(row))) {
      try {
        return rounds(row, service, new CpuTimes(processes(service)), today);
      } catch (Exception | AssertionError e) {
        progress.log(service.log());
        throw e;
      }
    }
  }

  private @Nullable Path recording(Row row) throws IOException {
    if (!options.profile()) {
      return null;
    }
    var folder = Files.createDirectories(options.out().resolve("profiles"));
    return folder.resolve(row.name() + ".jfr");
  }

  private static Map<String, Long> processes(RunningService service) throws IOException {
    var processes = new LinkedHashMap<String, Long>();
    processes.put("service", service.pid());
    processes.put("database", pid("JOYOI_TEST_DB_PIDFILE"));
    processes.put("engine", pid("JOYOI_TEST_NODE_1_PIDFILE"));
    processes.put("client", ProcessHandle.current().pid());
    return processes;
  }

  private static long pid(String variable) throws IOException {
    return Long.parseLong(Files.readString(Path.of(TestBed.required(variable))).strip());
  }

  private Result rounds(Row row, @Nullable RunningService service, CpuTimes cpu, String today)
      throws Exception {
    var round = row.script().prepare(new Scene(service, engine, options.quick(), cpu));
    if (row.setup().withNode()) {
      warmUp(round);
    }
    cpu.restart();
    long begin = System.nanoTime();
    int most = options.quick() ? 1 : row.rounds();
    int least = Math.min(most, ROUNDS_AT_LEAST);
    var samples = new ArrayList<Sample>();
    while (samples.size() < least
        || (samples.size() < most && System.nanoTime() - begin < ROW_NANOS)) {
      progress.round(row, samples.size() + 1, most);
      samples.add(round.run());
    }
    var notes = service == null ? List.<String>of() : service.unknownKeys();
    return Result.of(row, samples, cpu.perOperation(), notes, today);
  }

  private void warmUp(Row.Round round) throws Exception {
    long begin = System.nanoTime();
    while (!options.quick() && System.nanoTime() - begin < WARM_UP_NANOS) {
      var unused = round.run();
    }
  }

  /** Of the database server: whether a commit is on the disk when it is answered. */
  static void requireFlushedCommits() throws SQLException {
    var flush = DatabaseServer.variable("innodb_flush_log_at_trx_commit");
    if (!flush.equals("1")) {
      throw new IllegalStateException(
          "innodb_flush_log_at_trx_commit is " + flush + ", but must be 1: see ./joyoi bench");
    }
  }
}
