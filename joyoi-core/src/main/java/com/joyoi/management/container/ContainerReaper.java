package com.joyoi.management.container;

import com.joyoi.management.concurrent.Timers;
import com.joyoi.management.node.NodeConnection;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Removes containers: those of runs that have ended, until they are gone, and those that earlier
 * sessions left. Thread-safe.
 *
 * <p>For sessions that live it goes by the ledger's rows, for dead ones by labels, never by a part
 * of a name; another installation's or another service's containers are not even listed.
 */
public final class ContainerReaper {
  private final OpenRemovals open;
  private final Retries retries;
  private final Removals removals;
  private final ContainerSweep sweep;
  private final LastRemovals last;

  /**
   * @param isOwner asks the database whether the session still has its service's name; blocks
   * @param threads runs what blocks, each task on a thread of its own
   */
  public ContainerReaper(
      SessionIdentity identity,
      BooleanSupplier isOwner,
      ContainerLedger ledger,
      Timers timers,
      InstantSource clock,
      Executor threads) {
    open = new OpenRemovals(clock);
    retries = new Retries(timers, threads);
    removals = new Removals(ledger, open, retries, threads);
    sweep = new ContainerSweep(identity, isOwner, ledger, open, clock, threads);
    last = new LastRemovals(identity, ledger, open, removals, threads);
  }

  /**
   * Sweeps every node that there is, each on a thread of its own, so that one that does not answer
   * holds up no other. The future is completed by the last of them, never exceptionally: a node's
   * failure is logged, and the next sweep tries again. Cancelling it stops nothing. A closed reaper
   * sweeps nothing.
   */
  public CompletableFuture<Void> sweepAll(Supplier<List<NodeConnection>> nodes) {
    return retries.isStopped() ? CompletableFuture.completedFuture(null) : sweep.sweepAll(nodes);
  }

  /**
   * Removes from a node what no living run of this service owns: containers of dead sessions,
   * containers that a lost create call made after its run had ended, and kept ones whose time is
   * over, and whatever is of a node that there is no more; takes the rows away with them. Blocks.
   *
   * @param nodes all that there are, those that leave included
   * @throws com.joyoi.management.docker.DockerException when the node does not answer, after
   *     everything has been tried
   */
  public void sweep(NodeConnection node, Supplier<List<NodeConnection>> nodes) {
    sweep.sweep(node, nodes);
  }

  /** Stops a container that is kept for debugging; the oldest ones beyond the bound go. Blocks. */
  public void keep(NodeConnection node, String container) {
    sweep.keep(node, container);
  }

  /**
   * Whether nothing is on its way to be removed from a node.
   *
   * @param doubtless whether there must be no call either that may yet take effect
   */
  public boolean isDoneWith(NodeConnection node, boolean doubtless) {
    return open.isDoneWith(node, doubtless);
  }

  /** Has nothing to do any more with a node that nothing of is used, or to be removed. */
  public void letGo(NodeConnection node) {
    open.letGo(node);
  }

  /**
   * Tries nothing more on a node whose connection is about to be closed, whatever is there. What is
   * to be removed there, now or later, waits for a node that has its engine.
   */
  public void giveUp(NodeConnection node) {
    open.giveUp(node);
  }

  /**
   * Removes a container in the background, until it is gone, and takes its row away. Does not
   * block.
   *
   * @param whenStopped called exactly once, when nothing of it can run any more: it is gone, or the
   *     node says that it has ended; not called when the service stops before
   */
  public void disposeInBackground(NodeConnection node, String container, Runnable whenStopped) {
    disposeInBackground(node, container, false, whenStopped);
  }

  /**
   * The same for a sandbox whose connection has been closed.
   *
   * @param onDisk whether it has a disk to empty before
   */
  void disposeInBackground(
      NodeConnection node, String container, boolean onDisk, Runnable whenStopped) {
    removals.begin(node, container, onDisk, whenStopped);
  }

  /**
   * The same for a sandbox that nothing runs in.
   *
   * @param farewell lets it end by itself, for a bounded time; must not throw
   */
  void removeEnded(NodeConnection node, String container, Runnable farewell) {
    removals.beginEnded(node, container, farewell);
  }

  /**
   * The same for a node that does not answer: it is left alone for a while. A create call that it
   * was sent may take effect after the removal has found nothing: the next sweep sees to that, and
   * the end of the service.
   */
  public void disposeLater(NodeConnection node, String container, Runnable whenStopped) {
    disposeLater(node, container, false, whenStopped);
  }

  /** The same for a sandbox, which may have a disk to empty before. */
  void disposeLater(NodeConnection node, String container, boolean onDisk, Runnable whenStopped) {
    removals.beginLater(node, container, onDisk, whenStopped);
  }

  /** Ends attempts and sweeps at once; what is being removed goes on. */
  public void stop() {
    retries.stop();
  }

  /**
   * Ends attempts and sweeps, and removes once more, in a bounded time, whatever this session has
   * made on these nodes and not removed: its last act, for a caller that makes nothing any more.
   * What is still there then is left to the next start of the service, and so are sandboxes that
   * may still have a disk to empty. Blocks; call it once.
   */
  public void close(Collection<NodeConnection> nodes) {
    stop();
    last.close(nodes);
  }
}
