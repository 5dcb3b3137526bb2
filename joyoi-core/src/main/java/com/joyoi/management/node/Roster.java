package com.joyoi.management.node;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a pool as they come and go: those that may get work, by their names, and those that
 * leave and have something yet to end. Not thread-safe: guarded by the pool's lock.
 */
final class Roster {
  /** In the order of their coming. */
  private final Map<String, NodeState> present = new LinkedHashMap<>();

  private final Set<NodeState> leaving = new LinkedHashSet<>();

  Collection<NodeState> present() {
    return present.values();
  }

  Set<String> names() {
    return present.keySet();
  }

  @Nullable NodeState get(String name) {
    return present.get(name);
  }

  /** Those that leave last. */
  List<NodeState> all() {
    return Stream.concat(present.values().stream(), leaving.stream()).toList();
  }

  /**
   * Whether nobody who must not have these nodes can hope for another one. Where there is none at
   * all, one may come.
   */
  boolean isHopeless(Set<String> excluded) {
    return !present.isEmpty() && excluded.containsAll(present.keySet());
  }

  /**
   * Why none takes new work, node by node; empty while one does.
   *
   * @param excluded names of nodes that have refused it
   */
  Optional<String> outage(Set<String> excluded) {
    var reasons = new ArrayList<String>();
    for (var node : present.values()) {
      var reason = excluded.contains(node.name()) ? "refused it" : node.whyClosed();
      if (reason == null) {
        return Optional.empty();
      }
      reasons.add(node.name() + " " + reason);
    }
    return Optional.of(reasons.isEmpty() ? "there is none" : String.join("; ", reasons));
  }

  /**
   * A node comes.
   *
   * @return the one whose name it takes, which has to leave; null when there was none
   */
  @Nullable NodeState put(NodeState state) {
    return present.put(state.name(), state);
  }

  /** Null when there is none of that name. */
  @Nullable NodeState remove(String name) {
    return present.remove(name);
  }

  void leaves(NodeState state) {
    leaving.add(state);
  }

  List<NodePool.Leaving> leaving() {
    var those = new ArrayList<NodePool.Leaving>();
    for (var state : leaving) {
      var isReplaced =
          present.values().stream().anyMatch(other -> other.place().equals(state.place()));
      those.add(
          new NodePool.Leaving(
              state.connection, heard(state), state.isIdle(), state.health.isUp(), isReplaced));
    }
    return those;
  }

  private static Instant heard(NodeState state) {
    var since = state.leavingSince == null ? Instant.EPOCH : state.leavingSince;
    var answered = state.health.lastAnswer();
    return answered != null && answered.isAfter(since) ? answered : since;
  }

  /**
   * It has left.
   *
   * @return null when none with that connection leaves
   */
  @Nullable NodeState letGo(NodeConnection connection) {
    for (var state : leaving) {
      if (state.connection.equals(connection)) {
        leaving.remove(state);
        return state;
      }
    }
    return null;
  }
}
