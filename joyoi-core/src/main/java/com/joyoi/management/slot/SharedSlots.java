package com.joyoi.management.slot;

import com.joyoi.management.concurrent.Timers;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.instance.ServiceRegistry.Heartbeat;
import com.joyoi.management.node.NodeConnection;
import com.joyoi.management.node.SharedNodes;
import com.joyoi.management.node.SlotSharing;
import com.joyoi.management.recovery.ServiceSession;
import com.joyoi.management.slot.SlotLedger.Holding;
import com.joyoi.management.slot.SlotLedger.Owner;
import com.joyoi.management.slot.SlotLedger.View;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trades the slots of the nodes with the other services of the database, at each heartbeat. A slot
 * changes hands in this order, so that at no moment two may use it: the pool's bound is lowered,
 * then what is held in the database, as far as nothing runs; then somebody else takes it there, and
 * raises its own bound. Starting a run asks the database nothing: what is held stays so while
 * heartbeats go through. Thread-safe.
 */
public final class SharedSlots implements SlotSharing, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SharedSlots.class);

  /** How soon one that waits for slots, or is to give some back, looks again. */
  private static final Duration SOON = Duration.ofMillis(500);

  private static final Duration CLOSING_GRACE = Duration.ofSeconds(5);

  private final Owner owner;
  private final Duration lease;
  private final SlotLedger ledger;
  private final LeftSlots left;
  private final Timers timers;
  private final LongSupplier nanoTime;
  private final Executor thread;

  /** Confined to {@link #thread}. */
  private final Standing standing;

  /** The engines that it may hold slots of; confined to {@link #thread}. */
  private final Set<String> engines = new HashSet<>();

  private final Map<String, List<String>> toldTwins = new HashMap<>();
  private final AtomicBoolean isExchangeDue = new AtomicBoolean();
  private final AtomicBoolean isSoonArranged = new AtomicBoolean();
  private volatile @Nullable SharedNodes nodes;
  private volatile int taken;
  private volatile long heldSince;
  private volatile boolean fenced;
  private volatile boolean closed;

  /** What is left of a session on a node. */
  public interface Remains {
    /**
     * How many containers there are of it in which something may run; blocks.
     *
     * @throws JoyoiException when the node does not answer
     */
    int count(NodeConnection node, Owner owner);

    /**
     * Removes what there is of a session that has lost its name; blocks.
     *
     * @throws JoyoiException when the node or the database does not answer
     */
    void remove(NodeConnection node, Owner owner);
  }

  /**
   * What a session is to others.
   *
   * @param lease how long after a heartbeat others let it have what it holds
   * @param began when it claimed its name, by {@link System#nanoTime}
   * @param mayFormerLive whether the session before it was replaced while it may live
   */
  public record Session(Owner owner, Duration lease, long began, boolean mayFormerLive) {}

  /** For a session whose service has claimed its name. */
  public static SharedSlots of(Session session, SlotLedger ledger, Remains remains, Timers timers) {
    // A platform thread: busy state machines must not keep slots from others.
    return new SharedSlots(
        session,
        ledger,
        remains,
        timers,
        System::nanoTime,
        Executors.newSingleThreadExecutor(Thread.ofPlatform().name("slots").daemon().factory()),
        task -> Thread.ofVirtual().name("slots-left").start(task));
  }

  /**
   * @param nanoTime as {@link System#nanoTime}
   * @param thread makes the calls to the database, one after the other
   * @param looks makes those to nodes
   */
  SharedSlots(
      Session session,
      SlotLedger ledger,
      Remains remains,
      Timers timers,
      LongSupplier nanoTime,
      Executor thread,
      Executor looks) {
    owner = session.owner();
    lease = session.lease();
    heldSince = session.began();
    this.ledger = ledger;
    left = new LeftSlots(ledger, remains, nanoTime, looks, this::exchangeSoon);
    this.timers = timers;
    this.nanoTime = nanoTime;
    this.thread = thread;
    standing =
        new Standing(
            owner, session.mayFormerLive(), ServiceSession.HEARTBEAT_PERIOD.multipliedBy(3));
  }

  /** Has what dead sessions left removed from nodes by this, in the background. */
  public void onLeft(Runnable sweep) {
    left.sweepBy(sweep);
  }

  @Override
  public void begin(SharedNodes shared) {
    nodes = shared;
  }

  @Override
  public void engineKnown() {
    // A node that is there again may have what nobody could remove while it was away.
    left.sweepNow();
    exchangeSoon();
  }

  /** Others let a session have what it holds for a lease; it stops earlier, by its own clock. */
  @Override
  public boolean isHeld() {
    return nanoTime.getAsLong() - heldSince <= lease.toNanos() / 3 * 2;
  }

  /**
   * Takes what a heartbeat saw; calls follow one another.
   *
   * @param began when it began, by {@link System#nanoTime}
   * @param ended when it had ended
   */
  public void heard(Heartbeat heartbeat, long began, long ended) {
    if (heartbeat.slotsTaken() != taken) {
      log.warn("Others have taken slots of nodes over while this service was silent");
      taken = heartbeat.slotsTaken();
      var shared = nodes;
      if (shared != null) {
        shared.revoke();
      }
    }
    // Not before: what was started under the old ones must not look held.
    heldSince = began;
    execute(() -> standing.heard(heartbeat.services(), began, ended));
    exchangeSoon();
  }

  /** Another session has the name: no heartbeat says anything to this one any more. */
  public void fenced() {
    fenced = true;
  }

  private void exchangeSoon() {
    if (isExchangeDue.compareAndSet(false, true)) {
      execute(
          () -> {
            isExchangeDue.set(false);
            exchange();
          });
    }
  }

  private void execute(Runnable task) {
    try {
      thread.execute(task);
    } catch (RejectedExecutionException e) {
      log.debug("Slots are not shared out any more: the service stops");
    }
  }

  private void exchange() {
    var shared = nodes;
    if (shared == null || closed) {
      return;
    }
    try {
      exchange(shared);
    } catch (JoyoiException e) {
      log.warn("The nodes' slots can't be shared out now: {}", e.getMessage());
    } catch (RuntimeException e) {
      log.error("The nodes' slots can't be shared out now", e);
    }
  }

  private void exchange(SharedNodes shared) {
    var takenBefore = taken;
    var uses = EngineUse.of(shared.demands());
    if (stopTwins(shared, uses)) {
      uses = EngineUse.of(shared.demands());
    }
    giveUpGone(uses.keySet());
    if (uses.isEmpty()) {
      return;
    }
    var view = ledger.look(uses.keySet());
    var over = standing.over(view, nanoTime.getAsLong());
    var gone =
        over.stream()
            .filter(it -> !it.holding().isGivenUp())
            .map(it -> it.holding().owner().session())
            .collect(Collectors.toSet());
    if (lower(shared, uses, view, gone)) {
      uses = EngineUse.of(shared.demands());
    }
    var due =
        uses.values().stream().filter(use -> isDue(use, view, gone)).map(EngineUse::bid).toList();
    if (!due.isEmpty()) {
      var shares = ledger.settle(owner, takenBefore, due, gone).orElse(Map.of());
      for (var use : uses.values()) {
        var share = shares.get(use.engine());
        if (share != null) {
          use.allow(shared, share.allowed());
        }
      }
    }
    if (shared.demands().stream().anyMatch(it -> it.wanted() > it.allowed() || isAbove(it))) {
      againSoon(view);
    }
    left.look(over, uses);
  }

  private static boolean isAbove(SharedNodes.Demand demand) {
    return demand.used() > demand.allowed();
  }

  /** Nothing new begins above the share from here on. */
  private boolean lower(
      SharedNodes shared, Map<String, EngineUse> uses, View view, Set<String> gone) {
    var any = false;
    for (var use : uses.values()) {
      var target = Shares.of(owner.session(), use.bid(), view, gone).target();
      if (use.isAllowedMore(target)) {
        use.lower(shared, target);
        any = true;
      }
    }
    return any;
  }

  /** Whether something is to be written, or to be had. */
  private boolean isDue(EngineUse use, View view, Set<String> gone) {
    var bid = use.bid();
    var share = Shares.of(owner.session(), bid, view, gone).take(bid.needed());
    var others = view.holdings().stream().filter(it -> it.engine().equals(use.engine()));
    @Nullable Holding own = null;
    var isShared = false;
    for (var holding : others.toList()) {
      if (holding.owner().equals(owner)) {
        own = holding;
      } else {
        isShared = true;
      }
    }
    return own == null
        || own.isGivenUp()
        || own.most() != bid.most()
        || own.held() != share.held()
        || !use.isAllowed(share.allowed())
        || (isShared && own.wanted() != bid.wanted());
  }

  private void againSoon(View view) {
    var isShared =
        view.holdings().stream().anyMatch(it -> !it.owner().session().equals(owner.session()));
    if (!isShared || closed || !isSoonArranged.compareAndSet(false, true)) {
      return;
    }
    try {
      timers.after(
          SOON,
          "sharing out slots",
          () -> {
            isSoonArranged.set(false);
            exchangeSoon();
          });
    } catch (RejectedExecutionException e) {
      log.debug("Slots are not shared out any more: the service stops");
    }
  }

  /** Engines that no node has any more: what is left there is for others to see. */
  private void giveUpGone(Set<String> present) {
    var gone = new HashSet<>(engines);
    gone.removeAll(present);
    if (!gone.isEmpty()) {
      ledger.giveUp(owner.session(), gone);
      engines.removeAll(gone);
    }
    engines.addAll(present);
  }

  /** Whether there are others than before, which are told. */
  private boolean stopTwins(SharedNodes shared, Map<String, EngineUse> uses) {
    var any = false;
    for (var use : uses.values()) {
      var twins = use.twins();
      if (!twins.equals(toldTwins.getOrDefault(use.engine(), List.of()))) {
        toldTwins.put(use.engine(), twins);
        use.stopOthers(shared);
        any = true;
        if (!twins.isEmpty()) {
          log.warn(
              "Nodes {} are the same engine as {} (id {}) and get no work of their own; machines"
                  + " that were copied need ids of their own: remove engine-id from the engine's"
                  + " data folder, and start it again",
              twins,
              use.node().name(),
              use.engine());
        }
      }
    }
    return any;
  }

  /** Whether nothing more is written. */
  private boolean isEnded() {
    if (!(thread instanceof ExecutorService service)) {
      return true;
    }
    service.shutdown();
    try {
      return service.awaitTermination(CLOSING_GRACE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Gives back what nothing runs on any more; after the pool has closed. What can't be given back
   * now comes back when others see that nothing is left.
   */
  @Override
  public void close() {
    closed = true;
    var shared = nodes;
    // Where no heartbeat goes through, this would not either, and only hold up the end.
    if (!isEnded() || shared == null || (!isHeld() && !fenced)) {
      return;
    }
    var used = new HashMap<String, Integer>();
    EngineUse.of(shared.demands()).forEach((engine, use) -> used.put(engine, use.used()));
    try {
      ledger.leave(owner.session(), used);
    } catch (JoyoiException e) {
      log.info("The nodes' slots could not be given back: {}", e.getMessage());
    }
  }
}
