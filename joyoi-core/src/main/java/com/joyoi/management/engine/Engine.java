package com.joyoi.management.engine;

import com.joyoi.management.blame.Suspicion;
import com.joyoi.management.callback.HttpInvoker;
import com.joyoi.management.concurrent.Timers;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.error.JoyoiException.Kind;
import com.joyoi.management.error.NothingDoneException;
import com.joyoi.management.instance.ExecutionKey;
import com.joyoi.management.instance.IdempotencyKeys.Key;
import com.joyoi.management.instance.InstanceRepository.Execution;
import com.joyoi.management.instance.InstanceRepository.NewInstance;
import com.joyoi.management.instance.InstanceRepository.RunPlace;
import com.joyoi.management.listing.Listing;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceFilter;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.usercode.StateMachine;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs each instance on a virtual thread of its own. What an execution must survive (a fault of the
 * database, a stop) leaves the instance Running in the database, where it is taken up again: here
 * after a pause, or by the next start of the service.
 */
public final class Engine implements StateMachineEngine, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Engine.class);

  /** A node that answers removes a container in well under a second. */
  private static final Duration REMOVAL_GRACE = Duration.ofSeconds(10);

  private static final Duration OWNERSHIP_PERIOD = Duration.ofSeconds(1);

  /** A run that lasts is shown with its node after one to two of them. */
  static final Duration PLACES_PERIOD = Duration.ofSeconds(1);

  private final EngineParts parts;
  private final RequestRules rules;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("engine-", 0).factory());
  private final HttpInvoker http;
  private final RunningInstances running;
  private final EndWatch endWatch;
  private final Watchdog watchdog = new Watchdog();
  private final Timers.Task watchdogTask;
  private final Timers.Task codeTask;
  private final DatabaseLooks looks;
  private final EventFeed eventFeed;
  private final RunPlaces places;
  private final IdempotentCreation idempotent;
  private final Admission admission;
  private final StartOrder startOrder = new StartOrder();
  private final TakeUps takeUps;
  private final Endings endings;
  private final MachineRun machineRun;
  private final TimeOuts timeOuts;
  private final Timers.Task timeTask;
  private volatile boolean stopping;

  public Engine(EngineParts parts) {
    this.parts = parts;
    running = new RunningInstances(parts.actorRunner()::ended);
    rules = new RequestRules(parts.limitation(), parts.containers(), parts.callbacks().policy());
    http =
        new HttpInvoker(
            parts.callbacks().policy(),
            parts.callbacks().retryFor(),
            threads,
            parts.timers(),
            parts.clock());
    endWatch = new EndWatch(this::find, parts.instances()::running);
    watchdogTask =
        parts.timers().every(Watchdog.PERIOD, "watchdog", () -> watchdog.look(running.machines()));
    codeTask = parts.timers().every(Watchdog.PERIOD, "whose code runs", parts.code()::look);
    looks = new DatabaseLooks(parts.timers());
    looks.every(EndWatch.PERIOD, "end watch", () -> endWatch.look(running.ids()));
    looks.every(OWNERSHIP_PERIOD, "ownership watch", this::dropLost);
    eventFeed = new EventFeed(parts.stores().events(), looks, threads);
    looks.every(EventFeed.PERIOD, "event reader", eventFeed::look);
    places = new RunPlaces(parts.instances(), threads);
    looks.every(PLACES_PERIOD, "places of runs", places::look);
    idempotent = new IdempotentCreation(parts.stores().idempotencyKeys(), parts.instances());
    takeUps = new TakeUps(parts, startOrder, running, threads, this::placed, this::tell);
    admission = new Admission(parts.maxRunning(), () -> running.size() + takeUps.waiting());
    endings = new Endings(parts, running, takeUps, this::tellOf);
    machineRun = new MachineRun(parts, threads, endings);
    timeOuts =
        new TimeOuts(parts, running, startOrder, threads, this::execution, machineRun, takeUps);
    timeTask = parts.timers().every(TimeOuts.PERIOD, "time of instances", timeOuts::look);
  }

  @Override
  public Instance create(InstanceRequest request, Privilege privilege, @Nullable Key key) {
    checkAccepting();
    if (key == null) {
      return shown(createNew(request, privilege, instance -> parts.instances().create(instance)));
    }
    return shown(
        idempotent.create(
            key,
            () ->
                createNew(
                    request,
                    privilege,
                    instance -> parts.stores().idempotencyKeys().create(instance, key))));
  }

  private Instance createNew(
      InstanceRequest request, Privilege privilege, Function<NewInstance, Execution> store) {
    var definition =
        parts
            .stateMachines()
            .resolve(request.name())
            .orElseThrow(() -> JoyoiException.notFound("state machine", request.name()));
    var accepted = rules.accepted(request, definition, privilege);
    var instance =
        new NewInstance(parts.ids().next(), accepted, definition.sourceHash(), parts.service());
    return admission
        .admit(() -> storeAndStart(instance.id(), () -> store.apply(instance)))
        .instance();
  }

  private Execution storeAndStart(UUID id, Supplier<Execution> store) {
    var placed =
        startOrder.inTurn(
            id,
            () -> {
              try {
                return placed(store.get());
              } catch (NothingDoneException e) {
                throw e;
              } catch (JoyoiException e) {
                if (e.kind() == Kind.UNAVAILABLE || e.kind() == Kind.INTERNAL) {
                  // It may have been stored all the same: then somebody has to run it.
                  takeUps.later(id, e);
                }
                throw e;
              }
            });
    placed.begin().run();
    return placed.start();
  }

  private void checkAccepting() {
    if (stopping) {
      throw new JoyoiException(Kind.UNAVAILABLE, "the service is stopping");
    }
  }

  @Override
  public Optional<Instance> find(UUID id) {
    return parts.instances().find(id).map(this::shown);
  }

  /** With all limits that hold for it: the database has those alone that differ from ours. */
  private Instance shown(Instance stored) {
    return stored.withLimitation(stored.limitation().over(parts.limitation()));
  }

  @Override
  public Listing<Instance> listing(InstanceFilter filter) {
    return parts.instances().listing(filter).map(this::shown);
  }

  @Override
  public void restart(
      UUID id,
      @Nullable String stage,
      @Nullable Map<String, @Nullable String> parameters,
      Privilege privilege) {
    checkAccepting();
    if (stage != null) {
      rules.checkStage(stage);
    }
    if (parameters != null) {
      rules.checkParameters(parameters, privilege);
    }
    var instance = find(id).orElseThrow(() -> notFound(id));
    var definition =
        parts
            .stateMachines()
            .resolve(instance.name())
            .orElseThrow(() -> JoyoiException.notFound("state machine", instance.name()));
    var from = stage == null ? StateMachine.INITIAL_STAGE : stage;
    Supplier<Execution> again =
        () ->
            storeAndStart(
                id,
                () ->
                    parts
                        .instances()
                        .restart(
                            id,
                            from,
                            parameters,
                            definition.sourceHash(),
                            parts.service(),
                            cutOff(id))
                        .orElseThrow(() -> notFound(id)));
    // One that runs here, or is about to, is counted already.
    var isCounted = running.contains(id) || takeUps.isWaiting(id);
    var execution = isCounted ? again.get() : admission.admit(again);
    log.debug("Instance {} runs again under key {}", id, execution.key().key());
    eventFeed.nudge(id);
  }

  @Override
  public boolean delete(UUID id) {
    // The row goes first: from then on the execution can't write, wherever it runs.
    var deleted = parts.instances().delete(id, cutOff(id));
    running.cancel(id, "the instance was deleted");
    tell(id);
    return deleted;
  }

  /**
   * What becomes of an instance's runs that a write cuts off: those of another service are ended
   * here, since it may be a while until that notices. It does the same then.
   */
  private Consumer<RunPlace> cutOff(UUID id) {
    return running.contains(id) ? place -> {} : place -> parts.actorRunner().end(place);
  }

  @Override
  public CompletableFuture<Instance> ended(UUID id) {
    return endWatch.ended(id, running::contains);
  }

  @Override
  public EventSubscription follow(UUID id, long after, InstanceEventListener listener) {
    return eventFeed.follow(id, after, listener);
  }

  /** The instance has ended, or is gone. */
  private void tell(UUID id) {
    takeUps.forget(id);
    eventFeed.nudge(id);
    endWatch.tell(id);
  }

  /** The same, of an execution, and how it is stored where that is known. */
  private void tellOf(InstanceExecution execution, Optional<Instance> stored) {
    stored.ifPresent(instance -> endWatch.tell(execution.id(), Optional.of(shown(instance))));
    tell(execution.id());
  }

  @Override
  public int runningInstances() {
    return running.size();
  }

  private static JoyoiException notFound(UUID id) {
    return JoyoiException.notFound("state machine instance", id);
  }

  /**
   * Takes a Running instance of this service up that nobody runs; blocks for some statements. A
   * fault of the database is tried again until it goes through, or the engine closes.
   */
  public void takeUp(UUID id) {
    takeUps.takeUp(id);
  }

  /**
   * Takes up instances of this service that nobody runs, in their order, a few at once; one that is
   * started or removed by a call meanwhile is let be. Does not block.
   *
   * @return completed when each has had its turn, or the engine stops
   */
  public CompletableFuture<Void> takeUpAll(Collection<UUID> ids) {
    return takeUps.takeUpAll(ids);
  }

  /** Nothing is held against instances that are none of ours any more. */
  public void acquit(Collection<UUID> ids) {
    ids.forEach(parts.code()::forget);
  }

  /**
   * Takes up some that another service has left; blocks.
   *
   * @return how many were left, as far as was looked
   * @throws com.joyoi.management.error.JoyoiException of the database
   */
  public int takeUpSomeFrom(String service) {
    return takeUps.takeUpSomeFrom(service);
  }

  /** Takes up instances that the service may have died of: one after the other, not here. */
  public void takeUp(Collection<Suspicion> suspects) {
    takeUps.takeUp(suspects);
  }

  private InstanceExecution execution(Execution start) {
    return new InstanceExecution(
        parts, rules, http, threads, start, places, endings::suspended, eventFeed::nudge);
  }

  /**
   * An execution that has its instance's place.
   *
   * @param begin runs it; to be called behind the turn
   */
  record Placed(Execution start, Runnable begin) {}

  private Placed placed(Execution start) {
    var execution = execution(start);
    var endBefore = running.put(execution);
    return new Placed(
        start,
        () -> {
          endBefore.run();
          begin(execution);
        });
  }

  private void begin(InstanceExecution execution) {
    if (stopping) {
      running.cancel(execution.id(), "the service is stopping");
    }
    if (execution.cancellation().isCancelled()) {
      // It stops, or the next execution has the place already.
      return;
    }
    Runnable work =
        timeOuts.isOver(execution)
            ? () -> timeOuts.end(execution)
            : () -> execution.runHere(() -> machineRun.run(execution));
    var unused = Thread.ofVirtual().name("instance-" + execution.id()).start(work);
  }

  /**
   * Stops executions whose instance was deleted or taken over by way of another service. One
   * statement, however many run.
   */
  private void dropLost() {
    var keys = running.keys();
    if (!keys.isEmpty()) {
      // Read behind the keys: what is started meanwhile is not taken for lost.
      var ours = parts.instances().owned(parts.service());
      keys.stream()
          .filter(key -> !ours.contains(key))
          .forEach(key -> running.cancel(key, InstanceExecution.LOST));
    }
  }

  /**
   * Accepts nothing more, lets actors that have a container end for a bounded time, then cancels
   * the rest and waits, bounded too, until their containers are gone. The instances stay Running in
   * the database. Later calls do nothing.
   */
  public void stop(Duration grace) {
    stopping = true;
    parts.code().close();
    takeUps.stop();
    watchdogTask.cancel();
    codeTask.cancel();
    timeTask.cancel();
    if (!running.drain(grace)) {
      log.warn("Actors still run after {} s; they are stopped", grace.toSeconds());
    }
    var used = used();
    for (var id : List.copyOf(running.ids())) {
      running.cancel(id, "the service is stopping");
    }
    // Behind that, since it waits for the database.
    recordUsed(used);
    if (!running.awaitEnding(REMOVAL_GRACE)) {
      log.warn("Some containers are not gone yet; the next start of the service removes them");
    }
    eventFeed.close();
    endWatch.close();
    http.close();
    looks.close();
  }

  private Map<ExecutionKey, Duration> used() {
    var used = new HashMap<ExecutionKey, Duration>();
    running.executions().forEach(it -> used.put(it.key(), it.time().used()));
    return used;
  }

  private void recordUsed(Map<ExecutionKey, Duration> used) {
    try {
      parts.instances().recordUsed(used);
    } catch (RuntimeException e) {
      log.warn("How long instances have run was not stored: {}", e.getMessage());
    }
  }

  /** Stops at once. */
  @Override
  public void close() {
    stop(Duration.ZERO);
  }
}
