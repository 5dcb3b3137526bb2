package com.joyoi.management.node;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How long runs wait for the sandboxes of others of their group, before they are ripe: before they
 * get an unused one, or one that is made. Not thread-safe: guarded by the pool's lock.
 */
final class Patience {
  /**
   * How long runs of a group may follow one another in a sandbox before somebody of the same
   * priority who came earlier gets its slot, in costs of the sandbox that has to be made then. So
   * those makings take at most a fifth of a slot's time, and whoever waits does so by no more.
   */
  private static final int TURN = 4;

  private final FreeNodes free;
  private final Waiters waiters;
  private final RunTimes times;
  private final LongSupplier nanoTime;
  private final BiConsumer<Duration, Runnable> later;
  private final Consumer<Waiter> ripen;

  private final Map<SandboxKey, SandboxGroup> groups = new HashMap<>();

  /** Those that have changed since they were considered. */
  private final Set<SandboxGroup> unsettled = new LinkedHashSet<>();

  /**
   * @param later does something after some time, under the same lock
   * @param ripen told who is to be patient no more; has to call {@link #ends}
   */
  Patience(
      FreeNodes free,
      Waiters waiters,
      RunTimes times,
      LongSupplier nanoTime,
      BiConsumer<Duration, Runnable> later,
      Consumer<Waiter> ripen) {
    this.free = free;
    this.waiters = waiters;
    this.times = times;
    this.nanoTime = nanoTime;
    this.later = later;
    this.ripen = ripen;
  }

  private SandboxGroup group(SandboxKey key) {
    return groups.computeIfAbsent(key, it -> new SandboxGroup(it, waiters.newQueue(), times));
  }

  /**
   * It waits for sandboxes that others leave.
   *
   * @param key of those sandboxes
   */
  void begins(Waiter waiter, SandboxKey key) {
    var group = group(key);
    waiter.group = group;
    group.begins(waiter);
    unsettled.add(group);
  }

  /** It is ripe. */
  void ends(Waiter waiter) {
    if (waiter.group != null) {
      waiter.group.ripens(waiter);
    }
  }

  /** It has its slot, where a sandbox is made for it. */
  void hasOneMade(Waiter waiter) {
    if (waiter.group != null) {
      waiter.group.hasOneMade(waiter);
    }
  }

  /** One has been made for it, or could not be. */
  void made(Waiter waiter) {
    if (waiter.group != null) {
      waiter.group.made();
      unsettled.add(waiter.group);
    }
  }

  /** It waits no more. */
  void left(Waiter waiter) {
    if (waiter.group != null) {
      waiter.group.left(waiter);
      unsettled.add(waiter.group);
    }
  }

  /** One that has left has its lease. */
  void began(Waiter waiter, NodeLeaseImpl lease, long now) {
    var key = lease.returnsAs();
    if (key != null) {
      var group = group(key);
      group.began(lease, now);
    }
  }

  /**
   * A run is over, though its lease is still held.
   *
   * @param returns whether its sandbox is about to come back
   */
  void over(NodeLeaseImpl lease, boolean returns, long now) {
    var group = of(lease);
    if (group != null) {
      group.over(lease, returns, now);
      unsettled.add(group);
    }
  }

  /** A lease is given back. */
  void ended(NodeLeaseImpl lease, long now) {
    var group = of(lease);
    if (group != null) {
      group.ended(lease, now);
      unsettled.add(group);
    }
  }

  private @Nullable SandboxGroup of(NodeLeaseImpl lease) {
    var key = lease.returnsAs();
    return key == null ? null : groups.get(key);
  }

  /** Whether the group of the lease may keep the slot though others came earlier. */
  boolean hasTurn(NodeLeaseImpl lease, long now) {
    return now - lease.turn() < times.making().multipliedBy(TURN).toNanos();
  }

  /**
   * Considers the groups whose patient ones may follow others than before; to be called when what
   * is free has been offered to all. Otherwise those who have lost the one they followed, to a slot
   * without a sandbox for example, would wait for nobody.
   */
  void settle() {
    while (!unsettled.isEmpty()) {
      var group = unsettled.iterator().next();
      unsettled.remove(group);
      consider(group);
    }
  }

  /** Lets as many of a group's patient ones go ahead as are worth it. */
  private void consider(SandboxGroup group) {
    for (var next = group.patient.first(); next.isPresent(); next = group.patient.first()) {
      if (!isWorthwhile(group, next.get())) {
        break;
      }
      ripen.accept(next.get());
    }
    arrangeLook(group);
    if (group.isEmpty()) {
      groups.remove(group.key, group);
    }
  }

  /** Whether the next of a group shall have more than what the others leave. */
  private boolean isWorthwhile(SandboxGroup group, Waiter next) {
    var withUnused = free.first(next.usable.getLast(), next);
    var withRoom = withUnused != null ? withUnused : free.first(next);
    if (group.hasNoneFor(next, withRoom != null)) {
      return true;
    }
    var now = nanoTime.getAsLong();
    var cost = times.making();
    if (withRoom != null) {
      var delay = withUnused != null ? Duration.ZERO : cost;
      return group.isAnotherWorthwhile(delay, withRoom.fullnessWithOneMore(), now);
    }
    // One more would only take the turns of others.
    return group.isAnotherWorthwhile(cost, 1, now)
        && (waiters.anyBehind(next.priority()) || group.holdsUpFor(cost.multipliedBy(TURN), now));
  }

  private void arrangeLook(SandboxGroup group) {
    if (group.needsLooks() && !group.isLookArranged) {
      group.isLookArranged = true;
      later.accept(
          times.making(),
          () -> {
            group.isLookArranged = false;
            consider(group);
          });
    }
  }
}
