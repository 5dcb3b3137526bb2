package com.joyoi.management.node;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What a change of the pool brings about outside of its lock; little, for the most part. */
final class Outcome {
  /** Stays empty. */
  static final Outcome NOTHING = new Outcome();

  private List<Grants.Grant> grants = List.of();
  private List<Making> makings = List.of();
  private List<IdleSandbox> spent = List.of();

  List<Grants.Grant> grants() {
    return grants;
  }

  List<Making> makings() {
    return makings;
  }

  List<IdleSandbox> spent() {
    return spent;
  }

  boolean isEmpty() {
    return grants.isEmpty() && makings.isEmpty() && spent.isEmpty();
  }

  void grant(Waiter waiter, NodeLease lease) {
    grants = with(grants, new Grants.Grant(waiter, lease));
  }

  void make(Making making) {
    makings = with(makings, making);
  }

  void end(IdleSandbox sandbox) {
    spent = with(spent, sandbox);
  }

  void end(Collection<IdleSandbox> sandboxes) {
    sandboxes.forEach(this::end);
  }

  private static <T> List<T> with(List<T> list, T one) {
    if (list.isEmpty()) {
      return List.of(one);
    }
    var longer = list instanceof ArrayList ? list : new ArrayList<>(list);
    longer.add(one);
    return longer;
  }
}
