package com.joyoi.management.functional.bench;

import java.util.ArrayList;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a row has to work with.
 *
 * @param running null for a row within the bench's own process
 * @param quick whether it only has to be shown that the row works
 * @param cpu told when ours begins and ends
 */
record Scene(@Nullable RunningService running, RawEngine engine, boolean quick, CpuTimes cpu) {
  /** Longer than the longest round takes on a slow machine. */
  private static final long ROUND_MINUTES = 20;

  /** Something to be done, of no result. */
  interface Work {
    void run() throws Exception;
  }

  RunningService service() {
    return Objects.requireNonNull(running, "this row has no service");
  }

  /** A number, or a smaller one where it only has to be shown that the row works. */
  int count(int usual, int whenQuick) {
    return quick ? whenQuick : usual;
  }

  /**
   * Milliseconds that something of ours takes.
   *
   * @param operations how many runs, submissions, instances or blobs that is
   */
  double ours(int operations, Work work) throws Exception {
    cpu.begin();
    try {
      return millis(work);
    } finally {
      cpu.end(operations);
    }
  }

  /** Milliseconds that something takes. */
  static double millis(Work work) throws Exception {
    long begin = System.nanoTime();
    work.run();
    return (System.nanoTime() - begin) / 1e6;
  }

  /** Has several clients do something, one time after the other, and waits for all. */
  static void atOnce(int clients, int timesEach, Work work) throws Exception {
    var executor = Executors.newFixedThreadPool(clients);
    try {
      var results = new ArrayList<Future<Void>>();
      for (int i = 0; i < clients; i++) {
        results.add(executor.submit(repeated(timesEach, work)));
      }
      for (var result : results) {
        result.get(ROUND_MINUTES, TimeUnit.MINUTES);
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } finally {
      executor.shutdownNow();
    }
  }

  private static Callable<Void> repeated(int times, Work work) {
    return () -> {
      for (int i = 0; i < times; i++) {
        work.run();
      }
      return null;
    };
  }
}
