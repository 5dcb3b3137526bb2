package com.joyoi.management.engine;

import com.joyoi.management.concurrent.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the database for everybody at once, from time to time or when told to: one after the
 * other, on one platform thread, so that busy state machines can't hold them up. Thread-safe.
 */
final class DatabaseLooks implements Executor, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DatabaseLooks.class);

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("engine-watch").daemon().factory());
  private final List<Timers.Task> periodic = new ArrayList<>();
  private final Timers timers;

  DatabaseLooks(Timers timers) {
    this.timers = timers;
  }

  /** The timer only starts the look; one that is under way is not started again. */
  void every(Duration period, String name, Runnable look) {
    var underWay = new AtomicBoolean();
    periodic.add(
        timers.every(
            period,
            name,
            () -> {
              if (underWay.compareAndSet(false, true)) {
                execute(
                    () -> {
                      try {
                        look.run();
                      } finally {
                        underWay.set(false);
                      }
                    });
              }
            }));
  }

  /** Looks as soon as the looks before have ended; does nothing when closed. */
  @Override
  public void execute(Runnable look) {
    try {
      thread.execute(() -> guarded(look));
    } catch (RejectedExecutionException e) {
      log.debug("Closed: nobody looks any more");
    }
  }

  private static void guarded(Runnable look) {
    try {
      look.run();
    } catch (RuntimeException e) {
      log.debug("A look at the database failed; the next one will tell", e);
    }
  }

  @Override
  public void close() {
    periodic.forEach(Timers.Task::cancel);
    thread.shutdown();
  }
}
