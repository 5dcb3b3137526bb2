package com.joyoi.management.container;

import com.joyoi.management.error.JoyoiException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** Tasks that block, done at once. Not thread-safe: confined to the thread that waits for them. */
final class Batch {
  private final Executor threads;
  private final List<CompletableFuture<Void>> tasks = new ArrayList<>();

  /**
   * @param threads runs each task on a thread of its own
   */
  Batch(Executor threads) {
    this.threads = threads;
  }

  void begin(Runnable task) {
    tasks.add(CompletableFuture.runAsync(task, threads));
  }

  /**
   * Waits for all.
   *
   * @throws JoyoiException the first that was thrown, with the others suppressed
   * @throws CompletionException when a task has thrown anything else; the later ones go on
   */
  void join() {
    JoyoiException first = null;
    for (var task : tasks) {
      try {
        task.join();
      } catch (CompletionException e) {
        if (!(e.getCause() instanceof JoyoiException failure)) {
          throw e;
        }
        if (first == null) {
          first = failure;
        } else {
          first.addSuppressed(failure);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
