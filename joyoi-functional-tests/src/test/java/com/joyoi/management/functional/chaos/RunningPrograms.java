package com.joyoi.management.functional.chaos;

import com.joyoi.management.functional.TestBed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How many programs of jobs run on each node at once, as the kernel sees it: the test bed's nodes
 * are this machine. A look every 100 ms; what is seen in two in a row counts, since one that is
 * killed is seen for a moment longer. Thread-safe.
 */
final class RunningPrograms implements AutoCloseable {
  private static final long LOOK_EVERY_MILLIS = 100;

  /** Of {@code /proc/N/stat}, counted from 0; the names of these programs have no spaces. */
  private static final int START_FIELD = 21;

  private static final Pattern NODE = Pattern.compile("/joyoi-[^/]*-([0-9])/");

  private final Thread thread = Thread.ofPlatform().name("programs").daemon().unstarted(this::look);
  private final String bed = Path.of(TestBed.required("JOYOI_TEST_BED_DIR")).getFileName() + "-";

  // Guarded by this.
  private Map<String, Integer> before = Map.of();
  private final Map<String, Integer> most = new HashMap<>();
  private final Set<String> seen = new HashSet<>();
  private boolean closed;

  RunningPrograms() {
    thread.start();
  }

  /** The most at once on one node since this was asked before. */
  synchronized int takeMost() {
    int result = most.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    most.clear();
    return result;
  }

  /** How many there have been; one that ends between two looks is not seen. */
  synchronized int total() {
    return seen.size();
  }

  private void look() {
    try {
      while (true) {
        var now = count();
        synchronized (this) {
          for (var node : now.entrySet()) {
            int both = Math.min(node.getValue(), before.getOrDefault(node.getKey(), 0));
            most.merge(node.getKey(), both, Math::max);
          }
          before = now;
          wait(LOOK_EVERY_MILLIS);
          if (closed) {
            return;
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Map<String, Integer> count() {
    var found = new HashMap<String, Integer>();
    try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (var process : processes) {
        if (read(process.resolve("cmdline")).startsWith(Jobs.PROCESS + "\0")) {
          var groups = read(process.resolve("cgroup"));
          var node = NODE.matcher(groups);
          if (groups.contains(bed) && node.find()) {
            found.merge(node.group(1), 1, Integer::sum);
            note(process);
          }
        }
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** By its number and its start. */
  private synchronized void note(Path process) {
    var stat = read(process.resolve("stat")).split(" ");
    if (stat.length > START_FIELD) {
      seen.add(stat[0] + " " + stat[START_FIELD]);
    }
  }

  /** Empty when the process is gone. */
  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  @Override
  public void close() throws InterruptedException {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    thread.join();
  }
}
