package com.joyoi.management.runner;

import com.joyoi.management.concurrent.Cancellation;
import com.joyoi.management.node.NodeLease;

/** Runs one job in a container of its own. Thread-safe. */
public interface ContainerRunner {
  /**
   * Blocks until the job has ended; call it on a virtual thread. Takes the lease over: it is
   * released exactly once, when the container is gone, which may be after the return when the node
   * does not answer.
   *
   * @return how the program ended, its own failures included
   * @throws NodeFaultException when the node failed: try elsewhere
   * @throws java.util.concurrent.CancellationException when cancelled; the container is removed
   */
  RunOutcome run(NodeLease lease, ContainerJob job, Cancellation cancellation);
}
