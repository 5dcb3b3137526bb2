package com.joyoi.management.docker;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;

/**
 * Runs blocking calls of a library that may hang, each on a thread of its own, so that a stopped
 * daemon costs its caller the deadline and nothing more. At the deadline the thread is interrupted,
 * which closes the socket it waits for: always on a virtual thread, on a platform thread only for a
 * socket file; there the short client's response time-out ends the thread.
 */
final class TimedCalls {
  private final String threadName;

  TimedCalls(String threadName) {
    this.threadName = threadName;
  }

  /** A deadline passed. */
  static final class DeadlineException extends Exception {
    private static final long serialVersionUID = 1L;

    DeadlineException(String message) {
      super(message);
    }
  }

  /**
   * Runs a call on a thread of its caller's kind: health checks come on platform threads, so that
   * user code that keeps every carrier busy can't make a node look dead.
   *
   * @throws DeadlineException when it took too long; it may still end later
   * @throws Exception what the call threw
   */
  <T> T within(Duration deadline, String what, Callable<T> call) throws Exception {
    return run(deadline, what, call, Thread.currentThread().isVirtual());
  }

  /** As {@link #within}, but for calls that have no time-out of their own. */
  <T> T longWithin(Duration deadline, String what, Callable<T> call) throws Exception {
    return run(deadline, what, call, true);
  }

  private <T> T run(Duration deadline, String what, Callable<T> call, boolean virtual)
      throws Exception {
    var task = new FutureTask<>(call);
    var thread =
        virtual
            ? Thread.ofVirtual().name(threadName).unstarted(task)
            : Thread.ofPlatform().daemon().name(threadName).unstarted(task);
    thread.start();
    try {
      return task.get(deadline.toNanos(), java.util.concurrent.TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      task.cancel(true);
      throw new DeadlineException(what + " took more than " + deadline.toMillis() + " ms");
    } catch (InterruptedException e) {
      task.cancel(true);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(what + " was interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }
}
