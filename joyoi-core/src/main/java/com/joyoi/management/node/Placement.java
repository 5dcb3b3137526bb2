package com.joyoi.management.node;

import com.joyoi.management.model.SandboxOptions.Reuse;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who gets which slot, and which sandbox. Not thread-safe: guarded by the pool's lock. What is to
 * be done without the lock is collected, and taken with {@link #takeOutcome}.
 *
 * <p>A run takes a sandbox that others of its group have left, wherever there is a slot. When there
 * is none, but runs that it may follow are under way, it is patient for as long as one more sandbox
 * would cost more than it brings. Then, or at once when there is nobody to follow, it is ripe: it
 * takes an unused sandbox, or any slot, and a sandbox is made there; it has whichever comes first.
 *
 * <p>One invariant holds between calls: nobody waits who could use what is free, but for the
 * patient ones, who want neither an unused sandbox nor a slot without one. So whoever asks anew
 * overtakes nobody, and when a node gets room, only that node has to be offered to those who wait.
 */
final class Placement {
  private final BiConsumer<Duration, Runnable> later;
  private final LongSupplier nanoTime;

  /** The most that any node allows. */
  private Reuse mostReuse = Reuse.NEVER;

  private boolean anySandboxes;

  private final RunTimes times = new RunTimes();
  private final FreeNodes free = new FreeNodes();
  private final Shelves shelves = new Shelves(free);
  private final Waiters waiters = new Waiters();
  private final Patience patience;

  private long numbers;
  private Outcome outcome = new Outcome();

  /**
   * @param later does something after some time, under the same lock
   * @param nanoTime as {@link System#nanoTime}
   */
  Placement(BiConsumer<Duration, Runnable> later, LongSupplier nanoTime) {
    this.later = later;
    this.nanoTime = nanoTime;
    patience = new Patience(free, waiters, times, nanoTime, later, this::ripen);
  }

  // Nodes that come and go

  /** From now on these are the nodes that may get work. */
  void nodesAre(Collection<NodeState> nodes) {
    anySandboxes = nodes.stream().anyMatch(NodeState::hasSandboxes);
    mostReuse =
        nodes.stream()
            .map(node -> node.options().sandboxes().reuse())
            .max(Reuse::compareTo)
            .orElse(Reuse.NEVER);
  }

  /** What has come up since the last call, to be done without the lock; ends a change. */
  Outcome takeOutcome() {
    patience.settle();
    if (outcome.isEmpty()) {
      // Not this one: what comes next will stand in it.
      return Outcome.NOTHING;
    }
    var taken = outcome;
    outcome = new Outcome();
    return taken;
  }

  SortedMap<Integer, Integer> sizes() {
    return waiters.sizes();
  }

  /** How many wait, for whatever. */
  int waiting() {
    return waiters.count();
  }

  // Those who come and go

  /**
   * Grants a slot, or lets it wait.
   *
   * @param leases whom the waiter, and the lease after it, speak to
   */
  Waiter ask(NodePool.LeaseRequest request, PoolLeases leases) {
    var wish = request.wish();
    var bounded =
        wish == null || !anySandboxes
            ? null
            : new SandboxWish(
                wish.shape(),
                wish.reuse().and(mostReuse),
                wish.instanceId(),
                wish.work(),
                wish.suspect());
    var number = request.number() == 0 ? ++numbers : request.number();
    var waiter = new Waiter(leases, request, bounded, number);
    for (var key : waiter.usable) {
      var node = key.isUnused() ? null : free.first(key, waiter);
      if (node != null) {
        grant(node, waiter, key, nanoTime.getAsLong());
        return waiter;
      }
    }
    try {
      await(waiter);
    } catch (RuntimeException e) {
      // Nobody has it who could take it out again.
      leave(waiter);
      throw e;
    }
    return waiter;
  }

  private void await(Waiter waiter) {
    waiters.enter(waiter);
    var bounded = waiter.wish;
    // The sandboxes that it may wait for are those that others of its reuse leave.
    var key = bounded == null ? null : SandboxKey.unused(bounded.shape()).after(bounded, mostReuse);
    if (key == null) {
      ripen(waiter);
      return;
    }
    patience.begins(waiter, key);
    // One that has to go elsewhere has waited enough.
    if (!waiter.excluded().isEmpty()) {
      ripen(waiter);
    }
  }

  /** Whoever waits no more, since its wish has been taken back. */
  boolean leave(Waiter waiter) {
    if (!waiters.leave(waiter)) {
      return false;
    }
    patience.left(waiter);
    return true;
  }

  List<Waiter> drain() {
    var left = waiters.all();
    left.forEach(this::leave);
    return left;
  }

  /** From now on it takes an unused sandbox, or any slot. */
  private void ripen(Waiter waiter) {
    waiters.ripen(waiter);
    patience.ends(waiter);
    for (var key : waiter.usable) {
      var node = free.first(key, waiter);
      if (node != null) {
        grant(node, waiter, key, nanoTime.getAsLong());
        return;
      }
    }
    var node = free.first(waiter);
    if (node != null) {
      placeRipe(node, waiter);
    }
  }

  /** Takes those out who must not have any of the nodes. */
  List<Waiter> takeAllWithout(Set<String> nodes) {
    var hopeless =
        waiters.all().stream().filter(waiter -> waiter.excluded().containsAll(nodes)).toList();
    hopeless.forEach(this::leave);
    return hopeless;
  }

  // Who gets what

  /**
   * Hands a slot over.
   *
   * @param key of the sandbox to take there; null for none
   * @param turn since when runs of the group have followed one another there
   */
  private void grant(NodeState node, Waiter waiter, @Nullable SandboxKey key, long turn) {
    leave(waiter);
    free.change(
        node,
        () -> {
          var sandbox = key == null ? null : shelves.takeAlive(node, key, outcome);
          var wish = waiter.wish;
          var returnsAs =
              key == null || wish == null || sandbox == null
                  ? null
                  : key.after(wish, node.options().sandboxes().reuse());
          var lease = new NodeLeaseImpl(node, waiter, sandbox, returnsAs, turn);
          node.add(lease, ++numbers);
          shelves.lend(lease);
          var now = nanoTime.getAsLong();
          if (key != null && key.isUnused()) {
            node.demand.taken(key.shape(), now);
          }
          patience.began(waiter, lease, now);
          outcome.grant(waiter, lease);
        });
    shelves.trim(node, outcome);
  }

  /** Gives a slot to one that takes any. */
  private void placeRipe(NodeState node, Waiter waiter) {
    if (waiter.wish == null || !node.hasSandboxes()) {
      grant(node, waiter, null, 0);
      return;
    }
    waiters.hasOneMade(waiter);
    patience.hasOneMade(waiter);
    make(node, waiter.wish.shape(), waiter);
  }

  /** Offers what is free on a node to those who wait. */
  private void fill(NodeState node) {
    while (node.hasRoom()) {
      var match = waiters.first(node);
      if (match == null) {
        break;
      }
      if (match.key() != null) {
        grant(node, match.waiter(), match.key(), nanoTime.getAsLong());
      } else {
        placeRipe(node, match.waiter());
      }
    }
    shelves.trim(node, outcome);
    warm(node);
  }

  /**
   * Takes a slot back.
   *
   * @param clean its sandbox, when that may serve another run
   * @return whether the lease was held
   */
  boolean release(NodeState node, NodeLeaseImpl lease, @Nullable IdleSandbox clean) {
    if (!node.holds(lease)) {
      return false;
    }
    var now = nanoTime.getAsLong();
    var key = lease.returnsAs();
    shelves.endLoan(lease);
    free.change(
        node,
        () -> {
          node.remove(lease);
          if (clean != null && key != null && lease.isReusable() && node.isOpen()) {
            shelves.put(node, key, clean, now);
          } else if (clean != null) {
            outcome.end(clean);
          }
        });
    patience.ended(lease, now);
    if (key != null && patience.hasTurn(lease, now)) {
      follow(node, key, lease.turn());
    }
    fill(node);
    return true;
  }

  /**
   * A run is over, though its lease is still held.
   *
   * @param returns whether its sandbox is about to come back
   */
  void over(NodeLeaseImpl lease, boolean returns) {
    patience.over(lease, returns, nanoTime.getAsLong());
  }

  /** While its turn lasts, the next of the group goes before those of its priority. */
  private void follow(NodeState node, SandboxKey key, long turn) {
    var next = node.hasRoom() && node.shelf.count(key) > 0 ? waiters.first(node, key) : null;
    var first = next == null ? null : waiters.first(node);
    if (next != null && first != null && next.priority() == first.waiter().priority()) {
      grant(node, next, key, turn);
    }
  }

  /** The program of a run has been started: when it still goes on later, its node works. */
  void started(NodeState node, NodeLeaseImpl lease) {
    if (!node.breaker.isClosed()) {
      later.accept(
          CircuitBreaker.LONG_TRIAL,
          () -> {
            if (!lease.isOver()) {
              served(node, lease);
            }
          });
    }
  }

  /** The node has served a run well, to its end or for long enough. */
  void served(NodeState node, NodeLeaseImpl lease) {
    if (!node.breaker.isClosed() && node.holds(lease)) {
      changed(node, () -> node.breaker.passed(lease.began(), nanoTime.getAsLong()));
    }
  }

  /**
   * A run failed for its node's fault.
   *
   * @param began after which of the node's outages
   * @return whether the node rests from now on
   */
  boolean failed(NodeState node, String error, long began, Instant now) {
    var rests = new AtomicBoolean();
    changed(node, () -> rests.set(node.jobFailed(error, began, nanoTime.getAsLong(), now)));
    clear(node);
    if (rests.get()) {
      var outage = node.breaker.outage();
      later.accept(node.breaker.rest(), () -> changed(node, () -> node.breaker.restOver(outage)));
    }
    return rests.get();
  }

  /** A node's health, cordon or slots have changed. */
  void changed(NodeState node, Runnable change) {
    free.change(node, change);
    fill(node);
  }

  // What is made

  private void make(NodeState node, SandboxShape shape, @Nullable Waiter waiter) {
    free.change(
        node,
        () -> {
          if (waiter != null) {
            node.making++;
          }
          outcome.make(
              new Making(node, shape, waiter, nanoTime.getAsLong(), node.breaker.outage()));
        });
    shelves.trim(node, outcome);
  }

  /** A sandbox has been made, or could not be. */
  void made(Making making, @Nullable IdleSandbox sandbox) {
    var node = making.node();
    var waiter = making.waiter();
    var now = nanoTime.getAsLong();
    free.change(
        node,
        () -> {
          if (waiter == null) {
            node.demand.made(sandbox != null);
          } else {
            node.making--;
          }
          if (sandbox != null && !node.isOpen()) {
            outcome.end(sandbox);
          } else if (sandbox != null) {
            shelves.put(node, SandboxKey.unused(making.shape()), sandbox, now);
            times.made(Duration.ofNanos(now - making.startedAt()));
          }
        });
    if (waiter != null) {
      patience.made(waiter);
    }
    fill(node);
    if (waiter != null) {
      // Others were before it.
      askAgain(waiter);
    }
  }

  /** What was made for it went to another, or nothing could be made: it takes any slot again. */
  private void askAgain(Waiter waiter) {
    if (waiter.isWaiting) {
      ripen(waiter);
    }
  }

  /**
   * Has one made ready when there are too few. Making one takes processor time from programs that
   * are being timed, so it is made while nobody waits, one at a time, and seldom on a busy node.
   */
  private void warm(NodeState node) {
    if (waiters.isEmpty()
        && node.isOpen()
        && node.breaker.isClosed()
        && node.hasSandboxes()
        && node.excess() < 0) {
      node.demand
          .next(node.shelf, node.isCalm(), times.making(), nanoTime.getAsLong())
          .ifPresent(shape -> make(node, shape, null));
    }
  }

  // What ends

  /** Ends the sandboxes of an instance that has ended. */
  void forget(String domain) {
    shelves.forget(domain, outcome);
  }

  /** Ends all that wait on a node. */
  void clear(NodeState node) {
    shelves.clear(node, outcome);
  }

  /** Ends those that have waited for too long, and looks after the warm ones. */
  void tidy(Collection<NodeState> nodes) {
    for (var node : nodes) {
      shelves.endOld(node, nanoTime.getAsLong(), outcome);
      warm(node);
    }
    shelves.tidy();
  }
}
