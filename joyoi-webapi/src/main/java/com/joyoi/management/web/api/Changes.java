package com.joyoi.management.web.api;

import java.time.Duration;

/**
 * Requests that change something. Before the server stops, those that have begun may end: one whose
 * body has not come yet would be read as if it were empty. Thread-safe.
 */
final class Changes {
  // Guarded by this.
  private int underWay;
  private boolean stopping;

  /** False when the server stops, and none may begin any more. */
  synchronized boolean begin() {
    if (stopping) {
      return false;
    }
    underWay++;
    return true;
  }

  synchronized void end() {
    underWay--;
    notifyAll();
  }

  /** Lets none begin any more, and waits for those that have, for no longer than this. */
  synchronized void stop(Duration patience) {
    stopping = true;
    var end = System.nanoTime() + patience.toNanos();
    try {
      while (underWay > 0) {
        var left = Duration.ofNanos(end - System.nanoTime()).toMillis();
        if (left <= 0) {
          return;
        }
        wait(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
