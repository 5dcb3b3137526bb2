package com.joyoi.management.container;

import com.joyoi.management.node.NodeConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What has not been removed yet, node by node, and what may not have been. Thread-safe. */
final class OpenRemovals {
  /** After so long a call that was not answered has had its effect, or never will. */
  private static final Duration DOUBT = Duration.ofMinutes(5);

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

  private final InstantSource clock;

  OpenRemovals(InstantSource clock) {
    this.clock = clock;
  }

  void begins(NodeConnection node) {
    pending.merge(node, 1, Integer::sum);
  }

  void ends(NodeConnection node) {
    pending.computeIfPresent(node, (it, count) -> count == 1 ? null : count - 1);
  }

  void doubt(NodeConnection node, String container) {
    doubtful.put(container, new Doubt(node, clock.instant()));
  }

  /** Names of those on a node that are in doubt; the caller's own set. */
  Set<String> doubtfulOn(NodeConnection node) {
    var names = new HashSet<String>();
    doubtful.forEach(
        (name, doubt) -> {
          if (doubt.node().equals(node)) {
            names.add(name);
          }
        });
    return names;
  }

  /** A sweep has ended: so do the doubts about its node that were old enough when it began. */
  void swept(NodeConnection node, Instant began) {
    var longAgo = began.minus(DOUBT);
    doubtful
        .values()
        .removeIf(doubt -> doubt.node().equals(node) && doubt.since().isBefore(longAgo));
  }

  /** See {@link ContainerReaper#isDoneWith}. */
  boolean isDoneWith(NodeConnection node, boolean doubtless) {
    return !pending.containsKey(node)
        && (!doubtless || doubtful.values().stream().noneMatch(it -> it.node().equals(node)));
  }

  /** See {@link ContainerReaper#letGo}. */
  void letGo(NodeConnection node) {
    doubtful.values().removeIf(doubt -> doubt.node().equals(node));
  }

  /** See {@link ContainerReaper#giveUp}. */
  void giveUp(NodeConnection node) {
    gone.add(node);
    letGo(node);
  }

  boolean isGone(NodeConnection node) {
    return gone.contains(node);
  }

  /** Leaves a container on a node that is gone to the sweeps. */
  void giveUp(String container) {
    doubtful.remove(container);
    givenUp.add(container);
  }

  boolean isGivenUp(String container) {
    return givenUp.contains(container);
  }

  /** A sweep has removed it. */
  void removed(String container) {
    givenUp.remove(container);
  }
}
