package com.joyoi.management.node;

import com.joyoi.management.concurrent.WaitQueue;
import com.joyoi.management.model.SandboxOptions.Reuse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who gets which slot, and which sandbox. Not thread-safe: guarded by the pool's lock. What is to
 * be done without the lock is collected, and taken with {@link #takeOutcome}.
 *
 * <p>A run takes a sandbox that waits and that it may use, wherever there is a slot. When there is
 * none, but runs that it may follow are under way, it is patient for as long as one more sandbox
 * would cost more than it brings. Then, or at once when there is nobody to follow, it takes any
 * slot, and a sandbox is made there; it has whichever comes first.
 *
 * <p>One invariant holds between calls: nobody waits who could use what is free, but for the
 * patient ones, who don't want a slot without a sandbox. So whoever asks anew overtakes nobody, and
 * when a node gets room, only that node has to be offered to those who wait.
 */
final class Placement {
  /** What a container costs on a machine that has little to do; measured from the first one on. */
  private static final Duration FIRST_COST = Duration.ofMillis(300);

  /** What could not be made a moment ago is not tried again and again. */
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(10);

  /** The least time from one warm sandbox to the next on a node that runs jobs, in costs. */
  private static final int WARM_PAUSES = 4;

  private final NodePoolImpl pool;
  private final LongSupplier nanoTime;

  /** The most that any node allows. */
  private final Reuse mostReuse;

  private final boolean anySandboxes;

  private final FreeNodes free = new FreeNodes();

  /** Those who would take a sandbox of a key. */
  private final Map<SandboxKey, WaitQueue<Waiter>> wanting = new HashMap<>();

  /** Those who take any slot. */
  private final WaitQueue<Waiter> ripe = new WaitQueue<>();

  private final Map<SandboxKey, SandboxGroup> groups = new HashMap<>();

  /** Where sandboxes of an instance may wait. */
  private final Map<String, Set<Spot>> spots = new HashMap<>();

  private final Set<Waiter> all = new LinkedHashSet<>();
  private final TreeMap<Integer, Integer> sizes = new TreeMap<>();

  /** What making a sandbox takes. */
  private Duration cost = FIRST_COST;

  private long numbers;
  private Outcome outcome = new Outcome();

  private record Spot(NodeState node, SandboxKey key) {}

  Placement(NodePoolImpl pool, Collection<NodeState> nodes, LongSupplier nanoTime) {
    this.pool = pool;
    this.nanoTime = nanoTime;
    anySandboxes = nodes.stream().anyMatch(NodeState::hasSandboxes);
    mostReuse =
        nodes.stream()
            .map(node -> node.options().sandboxes().reuse())
            .max(Reuse::compareTo)
            .orElse(Reuse.NEVER);
  }

  /** What has come up since the last call; to be done without the lock. */
  Outcome takeOutcome() {
    var taken = outcome;
    outcome = new Outcome();
    return taken;
  }

  SortedMap<Integer, Integer> sizes() {
    return new TreeMap<>(sizes);
  }

  /** Grants a slot, or lets it wait. */
  Waiter ask(NodePool.LeaseRequest request) {
    var wish = request.wish();
    var bounded =
        wish == null || !anySandboxes
            ? null
            : new SandboxWish(
                wish.shape(), wish.reuse().and(mostReuse), wish.instanceId(), wish.work());
    var number = request.number() == 0 ? ++numbers : request.number();
    var waiter = new Waiter(request, bounded, number);
    for (var key : waiter.usable) {
      var node = free.first(key, waiter);
      if (node != null) {
        grant(node, waiter, key);
        return waiter;
      }
    }
    enter(waiter);
    var group = waiter.group;
    if (group == null) {
      ripen(waiter);
    } else {
      waiter.patience = group.patient.add(request.priority(), waiter.number, Set.of(), waiter);
      // One that has to go elsewhere has waited enough.
      if (!request.excluded().isEmpty()) {
        ripen(waiter);
      }
      consider(group);
    }
    return waiter;
  }

  private void enter(Waiter waiter) {
    all.add(waiter);
    sizes.merge(waiter.request.priority(), 1, Integer::sum);
    for (var key : waiter.usable) {
      waiter.places.add(
          wanting
              .computeIfAbsent(key, unused -> new WaitQueue<>(ripe))
              .add(waiter.request.priority(), waiter.number, waiter.request.excluded(), waiter));
    }
    // The sandboxes that it may wait for are those that others of its reuse leave.
    var wish = waiter.wish;
    var key = wish == null ? null : SandboxKey.unused(wish.shape()).after(wish, mostReuse);
    waiter.group = key == null ? null : group(key);
  }

  private SandboxGroup group(SandboxKey key) {
    return groups.computeIfAbsent(key, it -> new SandboxGroup(it, new WaitQueue<>(ripe)));
  }

  /**
   * Whoever waits no more, however that came.
   *
   * @return whether it had been waiting
   */
  boolean leave(Waiter waiter) {
    if (!all.remove(waiter)) {
      return false;
    }
    sizes.computeIfPresent(
        waiter.request.priority(), (priority, count) -> count == 1 ? null : count - 1);
    for (int i = 0; i < waiter.places.size(); i++) {
      var key = waiter.usable.get(i);
      var queue = Objects.requireNonNull(wanting.get(key));
      queue.remove(waiter.places.get(i));
      if (queue.isEmpty()) {
        wanting.remove(key);
      }
    }
    var wasRipe = waiter.ripe != null;
    if (waiter.ripe != null) {
      ripe.remove(waiter.ripe);
      waiter.ripe = null;
    }
    var group = waiter.group;
    if (group != null) {
      if (wasRipe) {
        group.making--;
      } else if (!waiter.isMadeFor) {
        group.patientLeft(waiter);
      }
      settle(group);
    }
    return true;
  }

  /** From now on it takes any slot. */
  private void ripen(Waiter waiter) {
    var group = waiter.group;
    if (group != null) {
      group.patientLeft(waiter);
      group.making++;
    }
    waiter.ripe =
        ripe.add(waiter.request.priority(), waiter.number, waiter.request.excluded(), waiter);
    var node = free.first(waiter);
    if (node != null) {
      placeRipe(node, waiter);
    }
  }

  /** Lets as many of the patient go ahead as are worth it. */
  private void consider(SandboxGroup group) {
    var next = group.patient.first();
    while (next.isPresent() && group.isAnotherWorthwhile(cost, nanoTime.getAsLong())) {
      ripen(next.get().value());
      next = group.patient.first();
    }
    if (next.isPresent() && !group.isLookArranged) {
      group.isLookArranged = true;
      pool.after(cost, () -> look(group));
    }
    settle(group);
  }

  private void look(SandboxGroup group) {
    group.isLookArranged = false;
    consider(group);
  }

  private void settle(SandboxGroup group) {
    if (group.isEmpty()) {
      groups.remove(group.key, group);
    }
  }

  /** Hands a slot over, with the sandbox of a key when there is one. */
  private void grant(NodeState node, Waiter waiter, @Nullable SandboxKey key) {
    leave(waiter);
    free.change(
        node,
        () -> {
          var sandbox = key == null ? null : takeAlive(node, key);
          var wish = waiter.wish;
          var returnsAs =
              key == null || wish == null || sandbox == null
                  ? null
                  : key.after(wish, node.options().sandboxes().reuse());
          var lease = new NodeLeaseImpl(pool, node, waiter, sandbox, returnsAs);
          node.add(lease, ++numbers);
          trim(node);
          var now = nanoTime.getAsLong();
          if (key != null && key.isUnused()) {
            node.demand.taken(key.shape(), now);
          }
          if (returnsAs != null) {
            group(returnsAs).began(lease, now);
          }
          outcome.grants.add(new Grants.Grant(waiter.future, lease));
        });
  }

  /** Null when the last one has just died: then the run makes a container of its own. */
  private @Nullable IdleSandbox takeAlive(NodeState node, SandboxKey key) {
    var sandbox = node.shelf.take(key);
    while (sandbox != null && !sandbox.isAlive()) {
      outcome.spent.add(sandbox);
      sandbox = node.shelf.take(key);
    }
    return sandbox;
  }

  /** Gives a slot to one that takes any. */
  private void placeRipe(NodeState node, Waiter waiter) {
    if (waiter.wish == null || !node.hasSandboxes()) {
      grant(node, waiter, null);
      return;
    }
    ripe.remove(Objects.requireNonNull(waiter.ripe));
    waiter.ripe = null;
    waiter.isMadeFor = true;
    make(node, waiter.wish.shape(), waiter);
  }

  private void make(NodeState node, SandboxShape shape, @Nullable Waiter waiter) {
    free.change(
        node,
        () -> {
          if (waiter == null) {
            node.isMakingWarm = true;
          } else {
            node.making++;
          }
          outcome.makings.add(new Making(node, shape, waiter, nanoTime.getAsLong()));
          trim(node);
        });
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
            node.isMakingWarm = false;
            node.hasWarmFailed = sandbox == null;
          } else {
            node.making--;
          }
          if (sandbox != null && !node.isOpen()) {
            outcome.spent.add(sandbox);
          } else if (sandbox != null) {
            put(node, SandboxKey.unused(making.shape()), sandbox, now);
            cost = cost.plus(Duration.ofNanos(now - making.startedAt())).dividedBy(2);
          }
        });
    if (waiter != null && waiter.group != null) {
      waiter.group.making--;
    }
    fill(node);
    if (waiter != null) {
      // Others were before it.
      askAgain(waiter);
      if (waiter.group != null) {
        consider(waiter.group);
      }
    }
  }

  /** What was made for it went to another, or nothing could be made: it takes any slot again. */
  private void askAgain(Waiter waiter) {
    if (all.contains(waiter)) {
      waiter.isMadeFor = false;
      ripen(waiter);
    }
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
    free.change(
        node,
        () -> {
          node.remove(lease);
          if (clean != null && key != null && node.isOpen()) {
            put(node, key, clean, now);
          } else if (clean != null) {
            outcome.spent.add(clean);
          }
        });
    var group = key == null ? null : groups.get(key);
    if (group != null) {
      group.ended(lease, now);
    }
    fill(node);
    if (group != null) {
      consider(group);
    }
    return true;
  }

  private void put(NodeState node, SandboxKey key, IdleSandbox sandbox, long now) {
    node.shelf.add(key, sandbox, now);
    var domain = key.domain();
    if (domain != null) {
      spots.computeIfAbsent(domain, unused -> new LinkedHashSet<>()).add(new Spot(node, key));
    }
  }

  /** Ends the sandboxes of an instance that has ended. */
  void forget(String domain) {
    var those = spots.remove(domain);
    if (those != null) {
      those.forEach(
          spot ->
              free.change(
                  spot.node(), () -> outcome.spent.addAll(spot.node().shelf.takeAll(spot.key()))));
    }
  }

  /** Ends all that wait on a node. */
  void clear(NodeState node) {
    free.change(node, () -> outcome.spent.addAll(node.shelf.takeAll()));
  }

  /** Ends those that have waited for too long, and looks after the warm ones. */
  void tidy(Collection<NodeState> nodes) {
    for (var node : nodes) {
      if (node.shelf.size() > 0) {
        free.change(
            node,
            () -> outcome.spent.addAll(node.shelf.takeSpent(nanoTime.getAsLong(), node.idleFor())));
      }
      warm(node);
    }
    spots
        .values()
        .removeIf(
            those -> those.stream().allMatch(spot -> spot.node().shelf.count(spot.key()) == 0));
  }

  private void trim(NodeState node) {
    while (node.excess() > 0) {
      var oldest = node.shelf.takeOldest();
      if (oldest == null) {
        break;
      }
      outcome.spent.add(oldest);
    }
  }

  /**
   * Has one made ready when there are too few. Making one takes processor time from programs that
   * are being timed, so it is made while nobody waits, one at a time, and seldom on a busy node.
   */
  private void warm(NodeState node) {
    var now = nanoTime.getAsLong();
    if (!all.isEmpty()
        || node.isMakingWarm
        || !node.isOpen()
        || !node.hasSandboxes()
        || node.excess() >= 0
        || isTooSoon(node, now)) {
      return;
    }
    node.demand
        .lacking(node.shelf, now)
        .ifPresent(
            shape -> {
              node.lastWarm = now;
              make(node, shape, null);
            });
  }

  private boolean isTooSoon(NodeState node, long now) {
    var since = now - node.lastWarm;
    return node.hasWarmFailed
        ? since <= PAUSE_AFTER_FAILURE.toNanos()
        : !node.isCalm() && since <= WARM_PAUSES * cost.toNanos();
  }

  /** A node's health or cordon has changed. */
  void changed(NodeState node, Runnable change) {
    free.change(node, change);
    fill(node);
  }

  /** Offers what is free on a node to those who wait. */
  private void fill(NodeState node) {
    while (node.hasRoom() && !all.isEmpty()) {
      var best = ripe.first(node.name()).map(WaitQueue.Place::value).orElse(null);
      SandboxKey with = null;
      for (var key : node.shelf.keys()) {
        var queue = wanting.get(key);
        var first =
            queue == null
                ? null
                : queue.first(node.name()).map(WaitQueue.Place::value).orElse(null);
        if (first != null
            && (best == null
                || first.isBefore(best)
                || (first == best && (with == null || with.isUnused())))) {
          best = first;
          with = key;
        }
      }
      if (best == null) {
        break;
      }
      if (with != null) {
        grant(node, best, with);
      } else {
        placeRipe(node, best);
      }
    }
    free.change(node, () -> trim(node));
    warm(node);
  }

  List<Waiter> drain() {
    var left = new ArrayList<>(all);
    left.forEach(this::leave);
    return left;
  }
}
