package com.joyoi.management.container;

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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Removes containers: those of runs that have ended, until they are gone, and those that earlier
 * sessions left. Thread-safe.
 *
 * <p>For sessions that live it goes by the ledger's rows, for dead ones by labels, never by a part
 * of a name; another installation's or another service's containers are not even listed.
 */
public final class ContainerReaper {
  private static final Logger LOG = LoggerFactory.getLogger(ContainerReaper.class);

  /** Doubled with each failure, so that a node that is down for a day is asked seldom. */
  private static final Duration FIRST_DELAY = Duration.ofSeconds(1);

  private static final Duration LONGEST_DELAY = Duration.ofSeconds(30);

  /** Kept containers hold their disk space; three are enough to compare. */
  private static final int MAX_KEPT_PER_NODE = 3;

  /** A node that answers removes a container in well under a second. */
  private static final Duration CLOSING_GRACE = Duration.ofSeconds(10);

  /** After so long a call that was not answered has had its effect, or never will. */
  private static final Duration DOUBT = Duration.ofMinutes(5);

  /** The sandbox's own bound for emptying a disk, and some time to end. */
  private static final Duration EMPTYING = Duration.ofSeconds(150);

  /** More at once on one engine take no less time, and hold up what it does besides. */
  private static final int REMOVALS_AT_ONCE = 8;

  private final Map<String, Semaphore> removals = new ConcurrentHashMap<>();
  private final Map<CompletableFuture<Void>, String> underWay = new ConcurrentHashMap<>();

  /** Those of sandboxes that empty a disk first, which may take minutes, by their names. */
  private final Map<CompletableFuture<Void>, String> emptying = new ConcurrentHashMap<>();

  /**
   * Containers that an engine that did not answer may yet make though it was asked to remove them,
   * and those that could not be removed, by their names: tried once more when the service ends.
   */
  private final Map<String, Doubt> doubtful = new ConcurrentHashMap<>();

  private record Doubt(NodeConnection node, Instant since) {}

  /** How many removals on a node have not succeeded yet. */
  private final Map<NodeConnection, Integer> pending = new ConcurrentHashMap<>();

  /** Nodes that were given up; whoever used them hands over what they have there. */
  private final Set<NodeConnection> gone = ConcurrentHashMap.newKeySet();

  /**
   * Names of containers on those that nobody needs any more: removed wherever a sweep finds them,
   * on a node that has the same place now, too.
   */
  private final Set<String> givenUp = ConcurrentHashMap.newKeySet();

  private final SessionIdentity identity;
  private final BooleanSupplier isOwner;
  private final ContainerLedger ledger;
  private final Timers timers;
  private final InstantSource clock;
  private final Executor threads;
  private volatile boolean closed;

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
    this.threads = threads;
    this.identity = identity;
    this.isOwner = isOwner;
    this.ledger = ledger;
    this.timers = timers;
    this.clock = clock;
  }

  /**
   * Sweeps every node that there is, each on a thread of its own, so that one that does not answer
   * holds up no other. The future is completed by the last of them, never exceptionally: a node's
   * failure is logged, and the next sweep tries again. Cancelling it stops nothing. A closed reaper
   * sweeps nothing.
   */
  public CompletableFuture<Void> sweepAll(Supplier<List<NodeConnection>> nodes) {
    if (closed) {
      return CompletableFuture.completedFuture(null);
    }
    return CompletableFuture.allOf(
        nodes.get().stream()
            .map(node -> CompletableFuture.runAsync(() -> sweepOrLog(node, nodes), threads))
            .toArray(CompletableFuture<?>[]::new));
  }

  private void sweepOrLog(NodeConnection node, Supplier<List<NodeConnection>> nodes) {
    try {
      sweep(node, nodes);
    } catch (JoyoiException e) {
      LOG.warn("Sweeping node {} failed, it is tried again later: {}", node.name(), e.getMessage());
    }
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
    var longAgo = clock.instant().minus(DOUBT);
    // Containers first: one that is listed has a row from before, unless its run has ended.
    var containers = node.engine().list(Labels.ofService(identity));
    var rows = new HashMap<String, ContainerLedger.Entry>();
    ledger.all().forEach(row -> rows.put(row.containerName(), row));
    // After the rows: whoever wrote one of a node that came just now had it from there.
    var known = nodes.get();
    if (!isOwner.getAsBoolean()) {
      // Some of what was listed may be the name's new owner's.
      return;
    }
    var now = clock.instant();
    var removals = new ArrayList<CompletableFuture<Void>>();
    Consumer<String> reap =
        name ->
            removals.add(CompletableFuture.runAsync(() -> removeAndForget(node, name), threads));
    for (var container : containers) {
      var name = nameOf(container);
      var row = rows.remove(name);
      if (isMine(container)) {
        if (row == null
            || isOver(row, now)
            || LeftBehind.isLeft(row, known)
            || givenUp.contains(name)) {
          reap.accept(name);
        }
      } else if (row != null
          && isKept(row)
          && row.keepUntil().isAfter(now)
          && container.state() != ContainerSummary.State.CREATED) {
        stopKept(node, container);
      } else if (container.labels().containsKey(Labels.DISK)) {
        // Its service is dead, and so it ends by itself, if it has not.
        removals.add(CompletableFuture.runAsync(() -> removeEmptied(node, name), threads));
      } else {
        reap.accept(name);
      }
    }
    // What is left has no container, or one that is being created by a run that lives.
    rows.values().stream()
        .filter(row -> row.isOn(node))
        .filter(
            row ->
                !row.session().equals(identity.session())
                    || isOver(row, now)
                    || givenUp.contains(row.containerName()))
        .forEach(row -> reap.accept(row.containerName()));
    joinAll(removals);
    doubtful
        .values()
        .removeIf(doubt -> doubt.node().equals(node) && doubt.since().isBefore(longAgo));
  }

  /**
   * Whether nothing is on its way to be removed from a node.
   *
   * @param doubtless whether there must be no call either that may yet take effect
   */
  public boolean isDoneWith(NodeConnection node, boolean doubtless) {
    return !pending.containsKey(node)
        && (!doubtless || doubtful.values().stream().noneMatch(it -> it.node().equals(node)));
  }

  /** Has nothing to do any more with a node that nothing of is used, or to be removed. */
  public void letGo(NodeConnection node) {
    doubtful.values().removeIf(doubt -> doubt.node().equals(node));
  }

  /**
   * Tries nothing more on a node whose connection is about to be closed, whatever is there. What is
   * to be removed there, now or later, waits for a node that has its engine.
   */
  public void giveUp(NodeConnection node) {
    gone.add(node);
    letGo(node);
  }

  private void begins(NodeConnection node) {
    pending.merge(node, 1, Integer::sum);
  }

  private void ends(NodeConnection node) {
    pending.computeIfPresent(node, (it, count) -> count == 1 ? null : count - 1);
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

  private void removeEmptied(NodeConnection node, String name) {
    awaitEmptied(node, name);
    removeAndForget(node, name);
  }

  private void removeAndForget(NodeConnection node, String name) {
    node.engine().remove(name);
    ledger.forget(name);
    givenUp.remove(name);
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

  static String nameOf(ContainerSummary container) {
    return container.names().isEmpty() ? container.id() : container.names().getFirst();
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
    begin(
        new Removal(node, container, farewell(node, container, onDisk), new Stopped(whenStopped)),
        onDisk ? emptying : underWay);
  }

  /**
   * The same for a sandbox that nothing runs in.
   *
   * @param farewell lets it end by itself, for a bounded time; must not throw
   */
  void removeEnded(NodeConnection node, String container, Runnable farewell) {
    begin(new Removal(node, container, farewell, new Stopped(() -> {})), underWay);
  }

  private void begin(Removal removal, Map<CompletableFuture<Void>, String> all) {
    begins(removal.node());
    var future = CompletableFuture.runAsync(() -> remove(removal, FIRST_DELAY), threads);
    all.put(future, removal.container());
    var unused = future.whenComplete((done, failure) -> all.remove(future));
  }

  /**
   * The same for a node that does not answer: it is left alone for a while. A create call that it
   * was sent may take effect after the removal has found nothing: the next sweep sees to that, and
   * the end of the service.
   */
  public void disposeLater(NodeConnection node, String container, Runnable whenStopped) {
    disposeLater(node, container, false, whenStopped);
  }

  void disposeLater(NodeConnection node, String container, boolean onDisk, Runnable whenStopped) {
    begins(node);
    doubtful.put(container, new Doubt(node, clock.instant()));
    var removal =
        new Removal(node, container, farewell(node, container, onDisk), new Stopped(whenStopped));
    later(FIRST_DELAY, "remove " + container, d -> remove(removal, next(d)));
  }

  private static Runnable farewell(NodeConnection node, String container, boolean onDisk) {
    return onDisk ? () -> awaitEmptied(node, container) : () -> {};
  }

  /**
   * @param farewell what is waited for before
   */
  private record Removal(
      NodeConnection node, String container, Runnable farewell, Stopped stopped) {}

  private void remove(Removal removal, Duration delayAfterFailure) {
    var node = removal.node();
    var container = removal.container();
    var stopped = removal.stopped();
    try {
      removal.farewell().run();
      var gate = removals.computeIfAbsent(node.name(), unused -> new Semaphore(REMOVALS_AT_ONCE));
      gate.acquireUninterruptibly();
      try {
        node.engine().remove(container);
      } finally {
        gate.release();
      }
    } catch (RuntimeException e) {
      if (gone.contains(node)) {
        LOG.warn(
            "Container {} is left on node {}, which is gone: {}",
            container,
            node.name(),
            e.getMessage());
        doubtful.remove(container);
        givenUp.add(container);
        ends(node);
        return;
      }
      // Whatever it is: a slot waits for this.
      LOG.atLevel(!closed && delayAfterFailure.equals(FIRST_DELAY) ? Level.WARN : Level.DEBUG)
          .log(
              "Removing container {} from node {} failed, it is tried again: {}",
              container,
              node.name(),
              e.getMessage());
      doubtful.put(container, new Doubt(node, clock.instant()));
      if (!stopped.isTold() && hasStopped(node, container)) {
        stopped.tell();
      }
      later(delayAfterFailure, "remove " + container, d -> remove(removal, next(d)));
      return;
    }
    stopped.tell();
    ends(node);
    forget(container, FIRST_DELAY);
  }

  /**
   * Lets a sandbox whose connection has ended empty its disk and end by itself: the engine could
   * not remove deeply nested folders, and would leave the volume that they are in without a word.
   */
  static void awaitEmptied(NodeConnection node, String container) {
    if (node.engine().inspect(container).isEmpty()) {
      return;
    }
    var end = node.engine().awaitExit(container, EMPTYING);
    if (end.isEmpty() || end.get().exitCode() != 0) {
      LOG.warn(
          "Sandbox {} on node {} has not emptied its disk: its volume may be left",
          container,
          node.name());
    }
  }

  private static boolean hasStopped(NodeConnection node, String container) {
    try {
      return node.engine().inspect(container).map(state -> !state.running()).orElse(true);
    } catch (RuntimeException e) {
      return false;
    }
  }

  /** Tells once. Attempts for one container follow one another. */
  private static final class Stopped {
    private final Runnable listener;
    private volatile boolean told;

    Stopped(Runnable listener) {
      this.listener = listener;
    }

    boolean isTold() {
      return told;
    }

    void tell() {
      if (!told) {
        told = true;
        listener.run();
      }
    }
  }

  /** A row that stays names a container that is gone: harmless, but it must not stay for ever. */
  private void forget(String container, Duration delay) {
    try {
      ledger.forget(container);
    } catch (RuntimeException e) {
      LOG.warn("Forgetting container {} failed, it is tried again: {}", container, e.getMessage());
      later(next(delay), "forget " + container, d -> forget(container, d));
    }
  }

  /** Stops a container that is kept for debugging; the oldest ones beyond the bound go. Blocks. */
  public void keep(NodeConnection node, String container) {
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
          () -> threads.execute(() -> attempt.accept(delay)));
    } catch (RejectedExecutionException e) {
      LOG.info("The service stops; its next start will {}", name);
    }
  }

  private static Duration next(Duration delay) {
    var doubled = delay.multipliedBy(2);
    return doubled.compareTo(LONGEST_DELAY) < 0 ? doubled : LONGEST_DELAY;
  }

  /** Ends attempts and sweeps at once; what is being removed goes on. */
  public void stop() {
    closed = true;
  }

  /**
   * Ends attempts and sweeps, and removes once more, in a bounded time, whatever this session has
   * made on these nodes and not removed: its last act, for a caller that makes nothing any more.
   * What is still there then is left to the next start of the service, and so are sandboxes that
   * may still have a disk to empty. Blocks; call it once.
   */
  public void close(Collection<NodeConnection> nodes) {
    stop();
    var last =
        allOf(underWay)
            .exceptionally(failure -> null)
            .thenRunAsync(() -> removeAllOf(nodes), threads)
            .thenCompose(done -> allOf(emptying));
    try {
      last.get(CLOSING_GRACE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.info("Some containers are not gone yet; the next start of the service removes them");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static CompletableFuture<Void> allOf(Map<CompletableFuture<Void>, String> removals) {
    return CompletableFuture.allOf(removals.keySet().toArray(CompletableFuture[]::new));
  }

  private void removeAllOf(Collection<NodeConnection> nodes) {
    joinAll(
        nodes.stream()
            .map(node -> CompletableFuture.runAsync(() -> removeAllOf(node), threads))
            .toList());
  }

  private void removeAllOf(NodeConnection node) {
    var left = new HashSet<String>();
    doubtful.forEach(
        (name, doubt) -> {
          if (doubt.node().equals(node)) {
            left.add(name);
          }
        });
    ledger.all().stream()
        .filter(row -> row.isOn(node))
        .filter(row -> row.session().equals(identity.session()) && !isKept(row))
        .forEach(row -> left.add(row.containerName()));
    if (left.isEmpty()) {
      return;
    }
    // Removed now they would leave their volumes; they end by themselves, and the next start of the
    // service removes them. Neither a row nor a doubt says which have a disk.
    node.engine().list(Labels.ofService(identity)).stream()
        .filter(container -> container.running() && container.labels().containsKey(Labels.DISK))
        .forEach(container -> left.removeAll(container.names()));
    left.removeAll(emptying.values());
    joinAll(
        left.stream()
            .map(name -> CompletableFuture.runAsync(() -> removeLast(node, name), threads))
            .toList());
  }

  private void removeLast(NodeConnection node, String container) {
    node.engine().remove(container);
    ledger.forget(container);
  }
}
