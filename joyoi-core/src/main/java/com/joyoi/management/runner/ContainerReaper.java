package com.joyoi.management.runner;

import com.joyoi.management.concurrent.Timers;
import com.joyoi.management.docker.ContainerSummary;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.node.NodeConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes containers: those of runs that have ended, until they are gone, and those that earlier
 * sessions left. Thread-safe.
 *
 * <p>For sessions that live it goes by the ledger's rows, for dead ones by labels, never by a part
 * of a name; another installation's or another service's containers are not even listed.
 */
public final class ContainerReaper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ContainerReaper.class);

  /** Doubled with each failure, so that a node that is down for a day is asked seldom. */
  private static final Duration FIRST_DELAY = Duration.ofSeconds(1);

  private static final Duration LONGEST_DELAY = Duration.ofSeconds(30);

  /** Kept containers hold their disk space; three are enough to compare. */
  private static final int MAX_KEPT_PER_NODE = 3;

  private final SessionIdentity identity;
  private final ContainerLedger ledger;
  private final Timers timers;
  private final InstantSource clock;
  private volatile boolean closed;

  public ContainerReaper(
      SessionIdentity identity, ContainerLedger ledger, Timers timers, InstantSource clock) {
    this.identity = identity;
    this.ledger = ledger;
    this.timers = timers;
    this.clock = clock;
  }

  /**
   * Sweeps every node, each on a virtual thread of its own, so that one that does not answer holds
   * up no other. The future is completed by the last of them, never exceptionally: a node's failure
   * is logged, and the next sweep tries again. Cancelling it stops nothing.
   */
  public CompletableFuture<Void> sweepAll(Collection<NodeConnection> nodes) {
    return CompletableFuture.allOf(
        nodes.stream()
            .map(node -> onVirtualThread("sweep " + node.name(), () -> sweepOrLog(node)))
            .toArray(CompletableFuture<?>[]::new));
  }

  private void sweepOrLog(NodeConnection node) {
    try {
      sweep(node);
    } catch (JoyoiException e) {
      LOG.warn("Sweeping node {} failed, it is tried again later: {}", node.name(), e.getMessage());
    }
  }

  /**
   * Removes from a node what no living run of this service owns: containers of dead sessions,
   * containers that a lost create call made after its run had ended, and kept ones whose time is
   * over; takes the rows away with them. Blocks.
   *
   * @throws com.joyoi.management.docker.DockerException when the node does not answer, after
   *     everything has been tried
   */
  public void sweep(NodeConnection node) {
    // Containers first: one that is listed has a row from before, unless its run has ended.
    var containers = node.engine().list(Labels.ofService(identity));
    var rows = new HashMap<String, ContainerLedger.Entry>();
    ledger.onNode(node.name()).forEach(row -> rows.put(row.containerName(), row));
    var now = clock.instant();
    var removals = new ArrayList<CompletableFuture<Void>>();
    Consumer<String> reap =
        name -> removals.add(onVirtualThread("reap " + name, () -> removeAndForget(node, name)));
    for (var container : containers) {
      var name = nameOf(container);
      var row = rows.remove(name);
      if (isMine(container)) {
        if (row == null || (isKept(row) && row.keepUntil().isBefore(now))) {
          reap.accept(name);
        }
      } else if (row != null && isKept(row) && row.keepUntil().isAfter(now)) {
        stopKept(node, container);
      } else {
        reap.accept(name);
      }
    }
    // What is left has no container, or one that is being created by a run that lives.
    rows.values().stream()
        .filter(row -> !row.session().equals(identity.session()) || isOver(row, now))
        .forEach(row -> reap.accept(row.containerName()));
    joinAll(removals);
  }

  private static void joinAll(List<CompletableFuture<Void>> removals) {
    JoyoiException first = null;
    for (var removal : removals) {
      try {
        removal.join();
      } catch (java.util.concurrent.CompletionException e) {
        if (!(e.getCause() instanceof JoyoiException failure)) {
          throw e;
        }
        if (first == null) {
          first = failure;
        } else {
          first.addSuppressed(failure);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }

  private void removeAndForget(NodeConnection node, String name) {
    node.engine().remove(name);
    ledger.forget(name);
    LOG.info("Removed container {} from node {}: nobody owned it", name, node.name());
  }

  private static void stopKept(NodeConnection node, ContainerSummary container) {
    if (container.running()) {
      node.engine().kill(container.id());
    }
  }

  private boolean isMine(ContainerSummary container) {
    return identity.session().equals(container.labels().get(Labels.SESSION));
  }

  private static boolean isKept(ContainerLedger.Entry row) {
    return row.keepUntil().isAfter(Instant.EPOCH);
  }

  private static boolean isOver(ContainerLedger.Entry row, Instant now) {
    return isKept(row) && row.keepUntil().isBefore(now);
  }

  private static String nameOf(ContainerSummary container) {
    return container.names().isEmpty() ? container.id() : container.names().getFirst();
  }

  /**
   * Removes the container of a run that has ended, and takes its row away. Blocks for one attempt;
   * when the node does not answer, attempts go on in the background.
   *
   * @param whenGone called exactly once, when the container is proved gone, perhaps on another
   *     thread; not called when the service stops before
   * @param onFailure told of the first failed attempt
   */
  void dispose(
      NodeConnection node,
      String container,
      Runnable whenGone,
      Consumer<JoyoiException> onFailure) {
    try {
      node.engine().remove(container);
    } catch (JoyoiException e) {
      LOG.warn(
          "Removing container {} from node {} failed, it is tried again: {}",
          container,
          node.name(),
          e.getMessage());
      onFailure.accept(e);
      disposeLater(node, container, whenGone);
      return;
    }
    forget(container, FIRST_DELAY);
    whenGone.run();
  }

  /**
   * The same for a node that does not answer: does not block, all attempts are in the background.
   */
  void disposeLater(NodeConnection node, String container, Runnable whenGone) {
    later(FIRST_DELAY, "remove " + container, delay -> retry(node, container, whenGone, delay));
  }

  private void retry(NodeConnection node, String container, Runnable whenGone, Duration delay) {
    try {
      node.engine().remove(container);
    } catch (JoyoiException e) {
      LOG.debug("Container {} is still on node {}", container, node.name(), e);
      later(next(delay), "remove " + container, d -> retry(node, container, whenGone, d));
      return;
    }
    forget(container, FIRST_DELAY);
    whenGone.run();
  }

  /** A row that stays names a container that is gone: harmless, but it must not stay for ever. */
  private void forget(String container, Duration delay) {
    try {
      ledger.forget(container);
    } catch (JoyoiException e) {
      LOG.warn("Forgetting container {} failed, it is tried again: {}", container, e.getMessage());
      later(next(delay), "forget " + container, d -> forget(container, d));
    }
  }

  /** Stops a container that is kept for debugging; the oldest ones beyond the bound go. Blocks. */
  void keep(NodeConnection node, String container) {
    node.engine().kill(container);
    node.engine().list(Labels.ofService(identity)).stream()
        .filter(one -> one.labels().containsKey(Labels.KEPT))
        // One that runs belongs to a run under way.
        .filter(one -> !one.running())
        .sorted(Comparator.comparing(ContainerSummary::created).reversed())
        .skip(MAX_KEPT_PER_NODE)
        .forEach(one -> removeAndForget(node, nameOf(one)));
  }

  private void later(Duration delay, String name, Consumer<Duration> attempt) {
    if (closed) {
      return;
    }
    try {
      timers.after(
          delay,
          name,
          // Timers' threads must not block.
          () -> Thread.ofVirtual().name("joyoi-" + name).start(() -> attempt.accept(delay)));
    } catch (RejectedExecutionException e) {
      LOG.info("The service stops; its next start will {}", name);
    }
  }

  private static Duration next(Duration delay) {
    var doubled = delay.multipliedBy(2);
    return doubled.compareTo(LONGEST_DELAY) < 0 ? doubled : LONGEST_DELAY;
  }

  private static CompletableFuture<Void> onVirtualThread(String name, Runnable work) {
    return CompletableFuture.runAsync(
        work, task -> Thread.ofVirtual().name("joyoi-" + name).start(task));
  }

  /** Ends the attempts; what is still there is left to the next start of the service. */
  @Override
  public void close() {
    closed = true;
  }
}
