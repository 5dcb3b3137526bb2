package com.joyoi.management.node;

import com.joyoi.management.node.NodeListener.NodeFailure;
import java.time.Clock;
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
   * Tells of one failure.
   *
   * @param isFirst whether the node had not failed since it last answered
   * @param toTell for the listener, null when it need not know
   */
  void report(
      String node, String what, boolean timedOut, boolean isFirst, @Nullable NodeFailure toTell) {
    if (isFirst) {
      LOG.warn("node {} failed, and gets no work until it answers a ping: {}", node, what);
    } else {
      LOG.debug("node {} failed again: {}", node, what);
    }
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
