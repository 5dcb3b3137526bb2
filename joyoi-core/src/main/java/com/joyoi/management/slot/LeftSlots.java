package com.joyoi.management.slot;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.node.NodeConnection;
import com.joyoi.management.slot.SharedSlots.Remains;
import com.joyoi.management.slot.Standing.Over;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Frees the slots of sessions that are over, as far as the engines show nothing of them any more.
 * Thread-safe.
 */
final class LeftSlots {
  private static final Logger log = LoggerFactory.getLogger(LeftSlots.class);

  /** What such a session left is not asked to be removed more often. */
  private static final Duration SWEEP_PAUSE = Duration.ofSeconds(5);

  private final SlotLedger ledger;
  private final Remains remains;
  private final LongSupplier nanoTime;
  private final Executor threads;
  private final Runnable onFree;

  /** Engines that are being asked. */
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();

  private final AtomicLong sweptAt;
  private volatile Runnable sweep = () -> {};

  /**
   * @param threads run what blocks
   * @param onFree told when something has come free
   */
  LeftSlots(
      SlotLedger ledger,
      Remains remains,
      LongSupplier nanoTime,
      Executor threads,
      Runnable onFree) {
    this.ledger = ledger;
    this.remains = remains;
    this.nanoTime = nanoTime;
    this.threads = threads;
    this.onFree = onFree;
    sweptAt = new AtomicLong(nanoTime.getAsLong() - SWEEP_PAUSE.toNanos());
  }

  void sweepBy(Runnable newSweep) {
    sweep = newSweep;
  }

  /** Asks each engine by itself, unless an earlier look there is under way. */
  void look(List<Over> over, Map<String, EngineUse> uses) {
    var byEngine = over.stream().collect(Collectors.groupingBy(it -> it.holding().engine()));
    byEngine.forEach(
        (engine, those) -> {
          var use = uses.get(engine);
          if (use != null && use.mayAnswer() && underWay.add(engine)) {
            threads.execute(() -> look(use, those));
          }
        });
  }

  private void look(EngineUse use, List<Over> over) {
    try {
      for (var one : over) {
        if (takeBack(one, use.node())) {
          onFree.run();
        }
      }
    } finally {
      underWay.remove(use.engine());
    }
  }

  /** Whether something has come free. */
  private boolean takeBack(Over over, NodeConnection node) {
    var holding = over.holding();
    try {
      var left = remains.count(node, holding.owner());
      if (left > 0 && over.isNameless()) {
        // Its own service may not have this node any more.
        remains.remove(node, holding.owner());
        left = remains.count(node, holding.owner());
      }
      if (left > 0) {
        sweep();
      }
      if (left >= holding.held() && left > 0) {
        return false;
      }
      var isTaken = ledger.takeBack(holding, left, over.sign());
      if (isTaken) {
        log.info(
            "{} of {} slots of node {} are free that service {} held",
            holding.held() - left,
            holding.held(),
            node.name(),
            holding.owner().service());
      }
      return isTaken;
    } catch (JoyoiException e) {
      log.debug(
          "What service {} left on node {} is not known: {}",
          holding.owner().service(),
          node.name(),
          e.getMessage());
      return false;
    }
  }

  private void sweep() {
    var now = nanoTime.getAsLong();
    var last = sweptAt.get();
    if (now - last >= SWEEP_PAUSE.toNanos() && sweptAt.compareAndSet(last, now)) {
      sweep.run();
    }
  }

  /** What dead sessions and nodes that were given up left is looked for now. */
  void sweepNow() {
    sweep.run();
  }
}
