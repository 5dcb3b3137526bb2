package com.joyoi.management.engine;

import com.joyoi.management.blame.Suspicion;
import com.joyoi.management.instance.ExecutionKey;
import com.joyoi.management.instance.InstanceRepository.Execution;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up Running instances that nobody runs: after a stop or a death of the service, and after a
 * fault of ours, which is tried again without end, with growing pauses. What is bounded is what the
 * program does: to kill the service. Thread-safe.
 */
final class TakeUps {
  private static final Logger log = LoggerFactory.getLogger(TakeUps.class);

  /**
   * Deaths that were proven to be an instance's doing before it is given up. The first death only
   * makes it suspicious, so this is the third.
   */
  static final int MAX_PROVEN = 2;

  /** One statement at a time leaves a database idle; more than a pool has would wait for it. */
  private static final int LANES = 8;

  /** At each heartbeat: a thousand are spread over two services, and taken up, in 20 s. */
  private static final int AT_ONCE = 50;

  /** So that several services seldom want the same. */
  private static final int LOOKED_AT = 500;

  private final EngineParts parts;
  private final EndWrites ends;
  private final StartOrder order;
  private final RunningInstances running;
  private final Executor threads;
  private final Function<Execution, Engine.Placed> place;
  private final Consumer<UUID> ended;
  private final Quarantine quarantine;
  private final FaultPauses pauses;

  /** Those of {@link #takeUpAll} whose turn has not come. */
  private final Set<UUID> waiting = ConcurrentHashMap.newKeySet();

  /**
   * New keys of instances whose taking up has had no answer. It may have taken place all the same,
   * and tried under another key it would count one death twice.
   */
  private final Map<UUID, ExecutionKey> unanswered = new ConcurrentHashMap<>();

  private volatile boolean stopped;

  /**
   * @param threads may block
   * @param place puts an execution in its instance's place, in its turn
   * @param ended told of an instance that was given up
   */
  TakeUps(
      EngineParts parts,
      StartOrder order,
      RunningInstances running,
      Executor threads,
      Function<Execution, Engine.Placed> place,
      Consumer<UUID> ended) {
    this.parts = parts;
    ends = new EndWrites(parts);
    this.order = order;
    this.running = running;
    this.threads = threads;
    this.place = place;
    this.ended = ended;
    quarantine = new Quarantine(parts.code(), parts.timers(), threads, this::takeUp);
    pauses = new FaultPauses(parts.clock());
  }

  /** Takes an instance up, now or as soon as the database allows; blocks for the first try. */
  void takeUp(UUID id) {
    try {
      takeUpNow(id, parts.service(), null);
    } catch (RuntimeException e) {
      later(id, e);
    }
  }

  /**
   * Takes some up in their order, a few at once. Does not block.
   *
   * @return completed when each has had its turn, or the service stops: then the others are left to
   *     its next start
   */
  CompletableFuture<Void> takeUpAll(Collection<UUID> ids) {
    waiting.addAll(ids);
    var turns = new ConcurrentLinkedQueue<>(ids);
    return CompletableFuture.allOf(
        Stream.generate(() -> CompletableFuture.runAsync(() -> takeUpEach(turns), threads))
            .limit(LANES)
            .toArray(CompletableFuture[]::new));
  }

  private void takeUpEach(Queue<UUID> turns) {
    for (var id = turns.poll(); id != null && !stopped; id = turns.poll()) {
      takeUp(id);
      waiting.remove(id);
    }
  }

  /** How many wait for their turn: they count as running ones, which they soon are. */
  int waiting() {
    return waiting.size();
  }

  boolean isWaiting(UUID id) {
    return waiting.contains(id);
  }

  /**
   * Takes some up that another service has left, in an order of chance, since others do the same;
   * throws what the database does while it looks for them.
   *
   * @return how many were left, as far as was looked
   */
  int takeUpSomeFrom(String service) {
    var left =
        new ArrayList<>(
            parts.instances().leftBy(service, parts.stateMachines().registered(), LOOKED_AT));
    Collections.shuffle(left);
    left.stream().limit(AT_ONCE).forEach(id -> takeUpFrom(id, service));
    return left.size();
  }

  private void takeUpFrom(UUID id, String service) {
    try {
      takeUpNow(id, service, null);
    } catch (RuntimeException e) {
      // It may be ours all the same: then nobody else takes it up.
      later(id, e);
    }
  }

  /** Takes suspects up one after the other, on threads of its own. */
  void takeUp(Collection<Suspicion> suspects) {
    quarantine.add(suspects);
  }

  /** Takes it up after a pause, for a fault that is told in the log. */
  void later(UUID id, RuntimeException fault) {
    if (stopped) {
      log.debug("Instance {} is left to the next start", id, fault);
      return;
    }
    var pause = pauses.next(id);
    log.warn("Instance {} will be taken up in {} s", id, pause.toSeconds(), fault);
    after(pause, () -> takeUpAgain(id));
  }

  /** Takes an execution up again that a fault has ended; when it is not the first, it says so. */
  void again(InstanceExecution execution, RuntimeException fault) {
    var id = execution.id();
    var pause = pauses.next(id);
    log.warn(
        "Instance {} is suspended, and will be taken up in {} s", id, pause.toSeconds(), fault);
    after(pause, () -> takeUpAgain(id));
    if (pause.compareTo(FaultPauses.FIRST) > 0) {
      note(
          execution,
          "suspended, and tried again and again after a fault of the service: "
              + ErrorText.ofFault(fault));
    }
  }

  /** A suspect goes through the quarantine each time. */
  private void takeUpAgain(UUID id) {
    parts
        .code()
        .suspicion(id)
        .ifPresentOrElse(suspicion -> quarantine.add(List.of(suspicion)), () -> takeUp(id));
  }

  /** Takes it up again as a suspect: its code met a lack of memory. */
  void accused(UUID id) {
    var suspicion = parts.code().accuse(id);
    after(pauses.next(id), () -> quarantine.add(List.of(suspicion)));
  }

  /** The instance has ended, or is gone. */
  void forget(UUID id) {
    unanswered.remove(id);
    pauses.forget(id);
    parts.code().forget(id);
  }

  boolean isStopped() {
    return stopped;
  }

  /** From now on nothing is taken up. */
  void stop() {
    stopped = true;
  }

  private void after(Duration pause, Runnable work) {
    if (!stopped) {
      parts.timers().after(pause, "take up instance", () -> threads.execute(work));
    }
  }

  private void note(InstanceExecution execution, String text) {
    try {
      parts.instances().note(execution.key(), text);
    } catch (RuntimeException e) {
      log.debug("Instance {}: the note was not stored", execution.id(), e);
    }
  }

  private boolean takeUp(Suspicion suspicion) {
    try {
      return takeUpNow(suspicion.instance(), parts.service(), suspicion);
    } catch (RuntimeException e) {
      var pause = pauses.next(suspicion.instance());
      log.warn("{} can't be taken up; trying again in {} s", suspicion, pause.toSeconds(), e);
      after(pause, () -> quarantine.add(List.of(suspicion)));
      return false;
    }
  }

  /** Whether it was started. */
  private boolean takeUpNow(UUID id, String from, @Nullable Suspicion suspicion) {
    if (stopped) {
      return false;
    }
    var proven = suspicion != null && suspicion.proven();
    var taken =
        order.inTurn(
            id,
            () -> {
              if (runsHere(id)) {
                return null;
              }
              return takenUp(id, from, proven)
                  .map(
                      it ->
                          isTooMuch(it, proven) ? new Engine.Placed(it, () -> {}) : place.apply(it))
                  .orElse(null);
            });
    if (taken == null) {
      if (running.key(id).isEmpty()) {
        // It has ended, is gone, or is somebody else's.
        forget(id);
      }
      return false;
    }
    if (suspicion != null && isTooMuch(taken.start(), proven)) {
      giveUp(taken.start(), suspicion);
      return false;
    }
    taken.begin().run();
    return true;
  }

  private Optional<Execution> takenUp(UUID id, String from, boolean proven) {
    var key =
        unanswered.computeIfAbsent(id, it -> new ExecutionKey(it, UUID.randomUUID().toString()));
    var taken = parts.instances().takeUp(key, from, parts.service(), proven);
    unanswered.remove(id);
    return taken;
  }

  private static boolean isTooMuch(Execution execution, boolean proven) {
    return proven && execution.instance().reRunTimes() >= MAX_PROVEN;
  }

  /** Whether it runs here under its present key: a PATCH may have come before a taking up. */
  private boolean runsHere(UUID id) {
    return running
        .key(id)
        .filter(key -> parts.instances().lost(List.of(key)).isEmpty())
        .isPresent();
  }

  private void giveUp(Execution execution, Suspicion suspicion) {
    var id = execution.instance().id();
    var text =
        "the service died, or ran out of memory, "
            + suspicion.deaths()
            + " times while the code of this instance ran, and the last "
            + execution.instance().reRunTimes()
            + " times while that of no other suspect did; its code is not called again, nor is"
            + " handleErrorAsync";
    log.warn("Instance {} is given up: {}", id, text);
    ends.fail(execution, text);
    ended.accept(id);
  }
}
