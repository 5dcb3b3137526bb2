package com.joyoi.management.runner;

import com.joyoi.management.concurrent.Cancellation;
import com.joyoi.management.container.ContainerLedger;
import com.joyoi.management.container.ContainerReaper;
import com.joyoi.management.container.SessionIdentity;
import com.joyoi.management.node.NodeConnection;
import com.joyoi.management.node.NodeLease;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/** Runs one job, in the sandbox of its lease or in a container of its own. Thread-safe. */
public interface ContainerRunner {
  /**
   * The runner of this start of the service.
   *
   * @param reaper removes the containers of runs that have ended; must outlive the runner
   * @param threads clean sandboxes up behind runs that have ended, one virtual thread each
   */
  static ContainerRunner create(
      SessionIdentity identity,
      ContainerLedger ledger,
      ContainerReaper reaper,
      InstantSource clock,
      Executor threads) {
    return new DefaultContainerRunner(identity, ledger, reaper, clock, threads);
  }

  /**
   * Blocks until the job has ended; call it on a virtual thread. Takes the lease over: it is
   * released exactly once, when nothing of the job can run any more, soon after the return or, when
   * the node does not answer, later. A container of its own is removed in the background.
   *
   * @return how the program ended, its own failures included
   * @throws NodeFaultException when the node failed: try elsewhere
   * @throws com.joyoi.management.docker.DockerException when the node refuses a limit, which
   *     another may keep
   * @throws java.util.concurrent.CancellationException when cancelled; the container is removed
   */
  RunOutcome run(NodeLease lease, ContainerJob job, Cancellation cancellation);

  /**
   * Ends what runs in a container of whatever service of the installation; its own service removes
   * it, and gets nothing out of it any more. One with a disk is left to its service: it empties
   * that before it ends. One that is not there is no error. Blocks.
   *
   * @param containerId the engine's id, which names no other container ever
   * @throws com.joyoi.management.docker.DockerException when the node does not answer
   */
  default void end(NodeConnection node, String containerId) {}
}
