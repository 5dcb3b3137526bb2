package com.joyoi.management.node;

import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.model.NodeSource;
import com.joyoi.management.model.NodeStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The nodes, and who may use them. Thread-safe. */
public interface NodePool extends AutoCloseable {
  /**
   * Asks for a slot on the healthy node with the fewest running jobs under its maximum, or, with a
   * wish for a sandbox, where there is one that it may use, or soon will be.
   *
   * <p>The future is completed by whatever thread frees the slot, never under a lock. Cancelling it
   * leaves the queue. It fails with a {@link com.joyoi.management.error.JoyoiException} when the
   * pool closes, with a {@link NoNodeLeftException} when every node that there is is excluded, now
   * or since one has left, with a {@link SandboxFailedException} when no sandbox could be made.
   * Where there is no node at all, it waits for one to come.
   */
  CompletableFuture<NodeLease> acquire(LeaseRequest request);

  /** The engine of a node, whatever its health; empty when there is no such node. */
  Optional<NodeConnection> connection(String node);

  /** All nodes that may get work, in the order of their coming. */
  List<NodeConnection> connections();

  /** The same, and behind them those that leave. */
  List<NodeConnection> allConnections();

  /** Every node as it is now, those that leave behind the others. */
  List<NodeStatus> status();

  /** Whether a node has answered and not failed since; a cordoned one counts. */
  default boolean anyHealthy() {
    return status().stream().anyMatch(node -> node.lastSeen() != null && !node.errorFlags());
  }

  /**
   * Why no node takes new work, node by node; empty while one does, however busy it is.
   *
   * @param excluded names of nodes that have refused it
   */
  Optional<String> outage(Set<String> excluded);

  /** How many wait for a slot, by priority. */
  SortedMap<Integer, Integer> waiting();

  /** {@code (<time>): <what timed out>} of the last 30 days, oldest first, bounded. */
  List<String> timeoutErrors();

  /**
   * Keeps whoever asks waiting, on all nodes, or ends that; what runs goes on, and what waits keeps
   * its place.
   */
  void hold(boolean held);

  /**
   * Stops new work on a node, or allows it again; what runs goes on.
   *
   * @throws com.joyoi.management.error.JoyoiException NOT_FOUND when there is no such node
   */
  void cordon(String node, boolean cordoned);

  /**
   * Adds a node, which is used as soon as it has answered. One of the same name leaves, unless it
   * is the same in all; then this only cordons it, or ends that. A node that can't be connected to,
   * for a certificate that is not here for example, is there and down, says why, and is tried again
   * by the next call. Does not wait for any node.
   *
   * @throws com.joyoi.management.error.JoyoiException INVALID when it takes no job
   */
  default void put(NodeOptions node, NodeSource source, boolean cordoned) {
    put(node, source, cordoned, null);
  }

  /**
   * The same for one of which it is known that it can't be used.
   *
   * @param unusable why, for people; null to connect to it
   */
  void put(NodeOptions node, NodeSource source, boolean cordoned, @Nullable String unusable);

  /**
   * Has a node leave: it gets no new work, and is shown as leaving until {@link #letGo}. The
   * sandboxes that wait there end. Does nothing when there is no such node.
   */
  void remove(String node);

  /** Those that leave, the first first. */
  List<Leaving> leaving();

  /**
   * Ends with a node that leaves, and closes its connection, whatever still uses it. Does nothing
   * when none that leaves has that connection.
   */
  void letGo(NodeConnection node);

  /** Ends the sandboxes that only an instance may use, since it has ended. */
  void forget(UUID instanceId);

  /**
   * Fails every waiter by name, and from now on whoever asks; ends the sandboxes that wait. The
   * nodes can still be used by those who hold them.
   */
  void stop();

  /** The same, and stops the health checks and closes the engines. */
  @Override
  void close();

  /**
   * A node that leaves.
   *
   * @param heard when it answered last, whatever it said; not before it began to leave
   * @param idle whether nothing of the pool runs, waits or is made there
   * @param up whether it answers
   * @param replaced whether another node of the pool has the same address
   */
  record Leaving(NodeConnection node, Instant heard, boolean idle, boolean up, boolean replaced) {}

  /**
   * A wish for a slot.
   *
   * @param priority lower is served first; equal ones first come, first served
   * @param description one line for the node's list of running jobs
   * @param excluded names of nodes that must not be used
   * @param number the place in the queue that an earlier lease had, 0 for the last
   * @param wish for a sandbox; null for a slot alone
   */
  record LeaseRequest(
      int priority,
      String description,
      Set<String> excluded,
      long number,
      @Nullable SandboxWish wish) {
    public LeaseRequest {
      excluded = Set.copyOf(excluded);
    }

    /** For a slot alone, at the end of the queue. */
    public LeaseRequest(int priority, String description, Set<String> excluded) {
      this(priority, description, excluded, 0, null);
    }
  }
}
