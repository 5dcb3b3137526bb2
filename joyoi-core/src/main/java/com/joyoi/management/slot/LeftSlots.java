package com.joyoi.management.slot;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.slot.SharedSlots.Remains;
import com.joyoi.management.slot.Standing.Over;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
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
  private final AtomicBoolean isLooking = new AtomicBoolean();
  private volatile Runnable sweep = () -> {};
  private volatile long sweptAt;

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
    sweptAt = nanoTime.getAsLong() - SWEEP_PAUSE.toNanos();
  }

  void sweepBy(Runnable newSweep) {
    sweep = newSweep;
  }

  /** Does nothing while an earlier look is under way. */
  void look(List<Over> over, Map<String, EngineUse> uses) {
    if (over.isEmpty() || !isLooking.compareAndSet(false, true)) {
      return;
    }
    threads.execute(
        () -> {
          try {
            if (over.stream().filter(it -> takeBack(it, uses)).count() > 0) {
              onFree.run();
            }
          } finally {
            isLooking.set(false);
          }
        });
  }

  /** Whether something has come free. */
  private boolean takeBack(Over over, Map<String, EngineUse> uses) {
    var holding = over.holding();
    var use = uses.get(holding.engine());
    if (use == null) {
      return false;
    }
    try {
      var left = remains.count(use.node(), holding.owner());
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
            use.node().name(),
            holding.owner().service());
      }
      return isTaken;
    } catch (JoyoiException e) {
      log.debug(
          "What service {} left on node {} is not known: {}",
          holding.owner().service(),
          use.node().name(),
          e.getMessage());
      return false;
    }
  }

  private void sweep() {
    var now = nanoTime.getAsLong();
    if (now - sweptAt >= SWEEP_PAUSE.toNanos()) {
      sweptAt = now;
      sweep.run();
    }
  }
}
