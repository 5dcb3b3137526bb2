package com.joyoi.management.node;

import com.joyoi.management.node.NodeListener.NodeFailure;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of failures: the log, the list of time-outs, the listener. Thread-safe; called without
 * locks.
 */
final class FailureReports {
  private static final Logger LOG = LoggerFactory.getLogger(FailureReports.class);

  private final TimeoutLog timeouts;
  private final NodeListener listener;

  FailureReports(Clock clock, NodeListener listener) {
    timeouts = new TimeoutLog(clock);
    this.listener = listener;
  }

  /**
   * Tells of a ping that failed.
   *
   * @param isFirst whether the node had not failed since it last answered
   * @param toTell for the listener, null when it need not know
   */
  void ofPing(
      String node, String what, boolean timedOut, boolean isFirst, @Nullable NodeFailure toTell) {
    if (isFirst) {
      LOG.warn("node {} failed, and gets no work until it answers a ping: {}", node, what);
    } else {
      LOG.debug("node {} failed again: {}", node, what);
    }
    report(node, what, timedOut, toTell);
  }

  /**
   * Tells of a run that failed for its node's fault.
   *
   * @param rest how long the node gets no work for it, null when that was known
   * @param toTell for the listener, null when it need not know
   */
  void ofRun(
      String node,
      String what,
      boolean timedOut,
      @Nullable Duration rest,
      @Nullable NodeFailure toTell) {
    if (rest != null) {
      LOG.warn("node {} failed, and gets no work for {} s: {}", node, rest.toSeconds(), what);
    } else {
      LOG.debug("node {} failed again: {}", node, what);
    }
    report(node, what, timedOut, toTell);
  }

  private void report(String node, String what, boolean timedOut, @Nullable NodeFailure toTell) {
    if (timedOut) {
      timeouts.add("node " + node + ": " + what);
    }
    if (toTell != null) {
      try {
        listener.nodeFailed(toTell);
      } catch (RuntimeException e) {
        LOG.error("nobody could be told that node {} is down", node, e);
      }
    }
  }

  List<String> timeouts() {
    return timeouts.lines();
  }
}
