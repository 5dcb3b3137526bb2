package com.joyoi.management.slot;

import com.joyoi.management.node.NodeConnection;
import com.joyoi.management.node.SharedNodes;
import com.joyoi.management.node.SharedNodes.Availability;
import com.joyoi.management.node.SharedNodes.Demand;
import com.joyoi.management.slot.SlotLedger.Bid;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * What a service makes of one engine. Where it has several nodes with that engine, the first that
 * can use them gets all slots, so that what it runs there is bounded once.
 *
 * @param nodes the best first
 */
record EngineUse(String engine, List<Demand> nodes) {
  EngineUse {
    nodes = nodes.stream().sorted(Comparator.comparing(Demand::availability)).toList();
  }

  /** Of nodes whose engines are known, by their ids. */
  static Map<String, EngineUse> of(List<Demand> demands) {
    var byEngine = new LinkedHashMap<String, List<Demand>>();
    for (var demand : demands) {
      if (demand.engineId() != null) {
        byEngine.computeIfAbsent(demand.engineId(), id -> new ArrayList<>()).add(demand);
      }
    }
    var uses = new LinkedHashMap<String, EngineUse>();
    byEngine.forEach((engine, nodes) -> uses.put(engine, new EngineUse(engine, nodes)));
    return uses;
  }

  /** The one that gets the work. */
  NodeConnection node() {
    return nodes.getFirst().node();
  }

  /** Whether a node is there that is not known to be down. */
  boolean mayAnswer() {
    return nodes.getFirst().availability() != Availability.DOWN;
  }

  /** The names of nodes beside the first that would get work otherwise. */
  List<String> twins() {
    return nodes.stream()
        .skip(1)
        .filter(it -> !it.isLeaving())
        .map(demand -> demand.node().name())
        .toList();
  }

  /** Whether no more and no less than that may run, and all of it on the first. */
  boolean isAllowed(int slots) {
    return nodes.getFirst().allowed() == ofFirst(slots)
        && others().allMatch(it -> it.allowed() == 0);
  }

  /** Whether more than that may begin. */
  boolean isAllowedMore(int slots) {
    return nodes.getFirst().allowed() > ofFirst(slots) || others().anyMatch(it -> it.allowed() > 0);
  }

  /** The first's part of all slots: what runs on others takes of them, too. */
  private int ofFirst(int slots) {
    return nodes.getFirst().isLeaving()
        ? 0
        : Math.max(0, slots - others().mapToInt(Demand::used).sum());
  }

  private Stream<Demand> others() {
    return nodes.stream().skip(1);
  }

  int used() {
    return sum(Demand::used);
  }

  Bid bid() {
    // What leaves has options of before.
    var isLeft = nodes.getFirst().isLeaving();
    var most =
        nodes.stream()
            .filter(it -> isLeft || !it.isLeaving())
            .mapToInt(Demand::maxRunningJobs)
            .min()
            .orElseThrow();
    return new Bid(engine, most, sum(Demand::needed), Math.min(most, sum(Demand::wanted)));
  }

  private int sum(ToIntFunction<Demand> part) {
    return nodes.stream().mapToInt(part).sum();
  }

  /**
   * Nothing begins above that any more. Raises nothing: that is for whoever has more as its own.
   */
  void lower(SharedNodes pool, int slots) {
    stopOthers(pool);
    var first = nodes.getFirst();
    pool.allow(first, Math.min(first.allowed(), ofFirst(slots)), null);
  }

  /** Allows so many in all, on the first. */
  void allow(SharedNodes pool, int slots) {
    stopOthers(pool);
    // Behind that: others that have begun something since are seen.
    var now = EngineUse.of(pool.demands()).get(engine);
    if (now != null) {
      now.raise(pool, node(), slots);
    }
  }

  /** Nothing begins any more but on the first. */
  void stopOthers(SharedNodes pool) {
    others()
        .forEach(
            twin ->
                pool.allow(
                    twin,
                    0,
                    "is the same engine as %s (id %s), which gets its work"
                        .formatted(node().name(), engine)));
  }

  private void raise(SharedNodes pool, NodeConnection node, int slots) {
    for (var demand : nodes) {
      if (demand.node().equals(node)) {
        var ofOthers = used() - demand.used();
        pool.allow(demand, demand.isLeaving() ? 0 : Math.max(0, slots - ofOthers), null);
      }
    }
  }
}
