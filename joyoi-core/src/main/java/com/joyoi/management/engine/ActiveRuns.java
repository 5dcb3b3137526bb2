package com.joyoi.management.engine;

import com.joyoi.management.concurrent.Cancellation;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The actor runs of one execution that are under way. A service that stops lets those end that have
 * a container, and gives up those that wait for one. Thread-safe.
 */
final class ActiveRuns {
  private final Set<ActiveRun> runs = ConcurrentHashMap.newKeySet();
  private final Cancellation execution;
  private volatile boolean draining;

  ActiveRuns(Cancellation execution) {
    this.execution = execution;
  }

  ActiveRun begin() {
    var run = new ActiveRun();
    runs.add(run);
    if (draining) {
      run.giveUpUnlessPlaced();
    }
    return run;
  }

  /** Whether there are some, none of which has had a container yet. */
  boolean allWait() {
    return !runs.isEmpty() && runs.stream().noneMatch(run -> run.placed);
  }

  /** Gives up what waits; completes when nothing is under way any more. */
  CompletableFuture<Void> drain() {
    draining = true;
    runs.forEach(ActiveRun::giveUpUnlessPlaced);
    return CompletableFuture.allOf(
        runs.stream().map(run -> run.ended).toArray(CompletableFuture[]::new));
  }

  /**
   * Blocks while the service drains, until the execution is cancelled. Told of a run that was given
   * up, a program would go on as if that were an answer, and its other runs would be cancelled.
   */
  void awaitCancelWhileDraining() {
    if (draining) {
      var cancelled = new CompletableFuture<Void>();
      try (var ignored = execution.onCancel(() -> cancelled.complete(null))) {
        cancelled.join();
      }
    }
  }

  /** Drains all of them; false when something is under way still after so long. */
  static boolean awaitEnd(List<ActiveRuns> activeRuns, Duration patience) {
    try {
      CompletableFuture.allOf(
              activeRuns.stream().map(ActiveRuns::drain).toArray(CompletableFuture[]::new))
          .get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("nothing fails this future", e);
    }
  }

  /** One run; cancelled with its execution. */
  final class ActiveRun implements AutoCloseable {
    private final Cancellation cancellation = new Cancellation();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Cancellation.Registration withExecution =
        execution.onCancel(() -> cancellation.cancel(execution.reason()));
    private volatile boolean placed;

    Cancellation cancellation() {
      return cancellation;
    }

    /** It has a container now. */
    void placed() {
      placed = true;
      if (draining) {
        cancellation.throwIfCancelled();
      }
    }

    private void giveUpUnlessPlaced() {
      if (!placed) {
        cancellation.cancel("the service is stopping");
      }
    }

    @Override
    public void close() {
      withExecution.close();
      runs.remove(this);
      ended.complete(null);
    }
  }
}
