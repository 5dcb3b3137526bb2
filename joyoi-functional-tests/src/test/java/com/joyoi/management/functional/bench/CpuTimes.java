package com.joyoi.management.functional.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which processes took processor time while ours was measured, from {@code /proc}. What is left of
 * the whole machine is {@code containers}: their shims, runc, and the programs in them. Not
 * thread-safe.
 */
final class CpuTimes {
  /** Linux tells times in hundredths of a second, whatever the machine. */
  private static final double MILLIS_PER_TICK = 10;

  private static final String OTHERS = "containers";

  private final Map<String, Path> processes;
  private final Map<String, Double> millis = new LinkedHashMap<>();
  private Map<String, Double> atBegin = Map.of();
  private int operations;

  /**
   * @param processes their ids, by what the table calls them
   */
  CpuTimes(Map<String, Long> processes) {
    this.processes = new LinkedHashMap<>();
    processes.forEach((name, pid) -> this.processes.put(name, Path.of("/proc/" + pid + "/stat")));
  }

  void begin() {
    atBegin = read();
  }

  /**
   * @param count how many operations there were since {@link #begin}
   */
  void end(int count) {
    var now = read();
    now.forEach(
        (name, time) -> millis.merge(name, time - atBegin.getOrDefault(name, time), Double::sum));
    operations += count;
  }

  /** Forgets what there was: it only warmed up. */
  void restart() {
    millis.clear();
    operations = 0;
  }

  /** Milliseconds of one operation, by process; empty when nothing was measured. */
  Map<String, Double> perOperation() {
    var result = new LinkedHashMap<String, Double>();
    millis.forEach((name, time) -> result.put(name, time / operations));
    return result;
  }

  private Map<String, Double> read() {
    var times = new LinkedHashMap<String, Double>();
    double known = 0;
    for (var process : processes.entrySet()) {
      var fields = text(process.getValue()).replaceFirst(".*\\) ", "").split(" ");
      double time = (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * MILLIS_PER_TICK;
      times.put(process.getKey(), time);
      known += time;
    }
    times.put(OTHERS, busy() - known);
    return times;
  }

  /** Of the whole machine: all but idle, and waiting for disks. */
  private static double busy() {
    var line = text(Path.of("/proc/stat")).lines().findFirst().orElseThrow();
    var fields = line.trim().split("\\s+");
    double ticks = 0;
    for (int i = 1; i <= 8; i++) {
      ticks += i == 4 || i == 5 ? 0 : Long.parseLong(fields[i]);
    }
    return ticks * MILLIS_PER_TICK;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
