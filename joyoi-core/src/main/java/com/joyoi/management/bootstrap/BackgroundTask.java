package com.joyoi.management.bootstrap;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that blocks, started by a timer, on a virtual thread, one at a time. It survives its own
 * exception. Thread-safe.
 */
final class BackgroundTask {
  private static final Logger log = LoggerFactory.getLogger(BackgroundTask.class);

  private final AtomicBoolean underWay = new AtomicBoolean();
  private final String name;
  private final Runnable work;

  BackgroundTask(String name, Runnable work) {
    this.name = name;
    this.work = work;
  }

  /** Does nothing while the work is still under way. */
  void start() {
    if (underWay.compareAndSet(false, true)) {
      Thread.ofVirtual().name(name).start(this::run);
    }
  }

  private void run() {
    try {
      work.run();
    } catch (RuntimeException e) {
      log.warn("{} failed; it is done again at its next time", name, e);
    } finally {
      underWay.set(false);
    }
  }
}
