package com.joyoi.management.slot;

import com.joyoi.management.node.NodeConnection;
import com.joyoi.management.node.SharedNodes;
import com.joyoi.management.node.SharedNodes.Demand;
import com.joyoi.management.slot.SlotLedger.Bid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToIntFunction;

/**
 * What a service makes of one engine. Where it has several nodes with that engine, the first gets
 * all slots, so that what it runs there is bounded once.
 */
record EngineUse(String engine, List<Demand> nodes) {
  EngineUse {
    nodes = List.copyOf(nodes);
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

  NodeConnection node() {
    return nodes.getFirst().node();
  }

  /** The names of nodes beside the first that would get work otherwise. */
  List<String> twins() {
    return nodes.stream()
        .skip(1)
        .filter(it -> !it.isLeaving())
        .map(demand -> demand.node().name())
        .toList();
  }

  int allowed() {
    return sum(Demand::allowed);
  }

  int used() {
    return sum(Demand::used);
  }

  Bid bid() {
    var most = nodes.stream().mapToInt(Demand::maxRunningJobs).min().orElseThrow();
    return new Bid(engine, most, sum(Demand::needed), Math.min(most, sum(Demand::wanted)));
  }

  private int sum(ToIntFunction<Demand> part) {
    return nodes.stream().mapToInt(part).sum();
  }

  void allow(SharedNodes pool, int slots) {
    var first = nodes.getFirst();
    pool.allow(first, Math.max(0, slots - (used() - first.used())), null);
    for (var twin : nodes.subList(1, nodes.size())) {
      pool.allow(
          twin,
          0,
          "is the same engine as %s (id %s), which gets its work"
              .formatted(node().name(), Objects.requireNonNull(twin.engineId())));
    }
  }
}
