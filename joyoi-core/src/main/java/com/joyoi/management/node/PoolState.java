package com.joyoi.management.node;

import com.joyoi.management.node.NodeListener.NodeFailure;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a pool has: its nodes, and who gets what of them. Not thread-safe: guarded by the pool's
 * lock, and reached by {@link PoolLock} alone.
 */
final class PoolState {
  final Roster roster = new Roster();
  final Placement placement;

  private final Clock clock;
  private boolean held;
  private boolean closed;

  PoolState(Placement placement, Clock clock) {
    this.placement = placement;
    this.clock = clock;
  }

  /** Whether nobody gets anything any more. */
  boolean isClosed() {
    return closed;
  }

  Instant now() {
    return clock.instant();
  }

  // Nodes that come and go

  /** A node comes, and the one whose name it takes leaves. */
  void come(NodeState node) {
    node.held = held;
    var old = roster.put(node);
    if (old != null) {
      leaves(old);
    }
  }

  /**
   * Has a node leave.
   *
   * @return empty when there is none of that name
   */
  Optional<NodeState> remove(String name) {
    var node = Optional.ofNullable(roster.remove(name));
    node.ifPresent(this::leaves);
    return node;
  }

  private void leaves(NodeState node) {
    roster.leaves(node);
    placement.changed(node, () -> node.leavingSince = clock.instant());
    placement.clear(node);
  }

  // Nodes that get work, and do not

  void cordon(NodeState node, boolean cordoned) {
    placement.changed(
        node,
        () -> {
          node.cordoned = cordoned;
          if (!cordoned) {
            node.breaker.reset();
          }
        });
    if (cordoned) {
      placement.clear(node);
    }
  }

  void hold(boolean isHeld) {
    held = isHeld;
    for (var node : roster.present()) {
      placement.changed(node, () -> node.held = isHeld);
    }
  }

  /**
   * A run failed for its node's fault.
   *
   * @param began after which of the node's outages
   * @return to be told without the lock
   */
  Fault fault(NodeState node, String what, boolean timedOut, long began) {
    var rests = placement.failed(node, what, began, clock.instant());
    return new Fault(node, what, timedOut, rests ? node.breaker.rest() : null, failureToTell(node));
  }

  /** What the listener must be told now, null when nothing; noted as told. */
  @Nullable NodeFailure failureToTell(NodeState node) {
    return closed ? null : node.failureToTell(clock.instant());
  }

  // All of them

  /** Ends the sandboxes that have waited for too long, and looks after the warm ones. */
  void tidy() {
    placement.tidy(roster.present());
  }

  /**
   * Nobody waits any more, and nothing for anybody.
   *
   * @return those who did; none when it was closed before
   */
  List<Waiter> close() {
    if (closed) {
      return List.of();
    }
    var left = placement.drain();
    roster.all().forEach(placement::clear);
    closed = true;
    return left;
  }
}
