package com.joyoi.management.node;

import com.joyoi.management.node.NodeListener.NodeFailure;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of failures: the log, the list of time-outs, the listener, and after a run's the pinger.
 * Thread-safe; called without locks.
 */
final class FailureReports {
  private static final Logger LOG = LoggerFactory.getLogger(FailureReports.class);

  private final TimeoutLog timeouts;
  private final NodeListener listener;
  private final Pingers pingers;

  FailureReports(Clock clock, NodeListener listener, Pingers pingers) {
    timeouts = new TimeoutLog(clock);
    this.listener = listener;
    this.pingers = pingers;
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

  /** Tells of a run that failed for its node's fault. */
  void ofRun(Fault fault) {
    var node = fault.node().name();
    var rest = fault.rest();
    if (rest != null) {
      LOG.warn(
          "node {} failed, and gets no work for {} s: {}", node, rest.toSeconds(), fault.what());
    } else {
      LOG.debug("node {} failed again: {}", node, fault.what());
    }
    report(node, fault.what(), fault.timedOut(), fault.toTell());
    pingers.recheck(fault.node());
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
