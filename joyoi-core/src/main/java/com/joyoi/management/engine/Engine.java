package com.joyoi.management.engine;

import com.joyoi.management.callback.HttpInvoker;
import com.joyoi.management.concurrent.Timers;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.error.JoyoiException.Kind;
import com.joyoi.management.instance.ExecutionKey;
import com.joyoi.management.instance.IdempotencyKeys.Key;
import com.joyoi.management.instance.InstanceRepository.Execution;
import com.joyoi.management.instance.InstanceRepository.NewInstance;
import com.joyoi.management.instance.StaleExecutionException;
import com.joyoi.management.listing.Listing;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceFilter;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.usercode.StateMachine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
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

  /** Recoveries without a newly recorded actor run, before the instance is given up. */
  private static final int MAX_RERUNS = 3;

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** A node that answers removes a container in well under a second. */
  private static final Duration REMOVAL_GRACE = Duration.ofSeconds(10);

  private static final Duration OWNERSHIP_PERIOD = Duration.ofSeconds(1);

  /** A run that lasts is shown with its node after one to two of them. */
  private static final Duration PLACES_PERIOD = Duration.ofSeconds(1);

  private final EngineParts parts;
  private final RequestRules rules;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("engine-", 0).factory());
  private final HttpInvoker http;
  private final RunningInstances running;
  private final EndWatch endWatch;
  private final Watchdog watchdog = new Watchdog();
  private final Timers.Task watchdogTask;
  private final DatabaseLooks looks;
  private final EventFeed eventFeed;
  private final RunPlaces places;
  private final IdempotentCreation idempotent;
  private final Admission admission;
  private final MachineRun machineRun;
  private final StartOrder startOrder = new StartOrder();
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
    looks = new DatabaseLooks(parts.timers());
    looks.every(EndWatch.PERIOD, "end watch", () -> endWatch.look(running.ids()));
    looks.every(OWNERSHIP_PERIOD, "ownership watch", this::dropLost);
    eventFeed = new EventFeed(parts.stores().events(), looks, threads);
    looks.every(EventFeed.PERIOD, "event reader", eventFeed::look);
    places = new RunPlaces(parts.instances(), threads);
    looks.every(PLACES_PERIOD, "places of runs", places::look);
    idempotent = new IdempotentCreation(parts.stores().idempotencyKeys(), parts.instances());
    admission = new Admission(parts.maxRunning(), running::size);
    machineRun =
        new MachineRun(
            parts,
            threads,
            new MachineRun.Ends() {
              @Override
              public void concluded(
                  InstanceExecution execution, InstanceStatus status, @Nullable String exception) {
                conclude(execution, status, exception);
              }

              @Override
              public void suspended(InstanceExecution execution, RuntimeException fault) {
                suspend(execution, fault);
              }
            });
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
        new NewInstance(TimeOrderedIds.next(), accepted, definition.sourceHash(), parts.service());
    return admission
        .admit(() -> storeAndStart(instance.id(), () -> store.apply(instance)))
        .instance();
  }

  private Execution storeAndStart(UUID id, Supplier<Execution> store) {
    return startOrder.inTurn(
        id,
        () -> {
          Execution execution;
          try {
            execution = store.get();
          } catch (JoyoiException e) {
            if (e.kind() == Kind.UNAVAILABLE || e.kind() == Kind.INTERNAL) {
              // It may have been stored all the same: then somebody has to run it.
              takeUpLater(id, parts.service(), false, ErrorText.ofFault(e), FIRST_PAUSE);
            }
            throw e;
          }
          start(execution);
          return execution;
        });
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
                        .restart(id, from, parameters, definition.sourceHash(), parts.service())
                        .orElseThrow(() -> notFound(id)));
    // One that runs here is counted already.
    var execution = running.contains(id) ? again.get() : admission.admit(again);
    log.debug("Instance {} runs again under key {}", id, execution.key().key());
    eventFeed.nudge(id);
  }

  @Override
  public boolean delete(UUID id) {
    // The row goes first: from then on the execution can't write, wherever it runs.
    var deleted = parts.instances().delete(id);
    running.cancel(id, "the instance was deleted");
    tell(id);
    return deleted;
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
    eventFeed.nudge(id);
    endWatch.tell(id);
  }

  @Override
  public int runningInstances() {
    return running.size();
  }

  private static JoyoiException notFound(UUID id) {
    return JoyoiException.notFound("state machine instance", id);
  }

  /**
   * Takes a Running instance up that nobody runs. A fault of the database is tried again until it
   * goes through, or the engine closes.
   *
   * @param fromService the service that it belonged to
   * @param progressless whether this counts as a repetition: a death, not a graceful stop
   */
  public void takeUp(UUID id, String fromService, boolean progressless) {
    var fault = "service '" + fromService + "' ended without stopping its instances";
    takeUp(id, fromService, progressless, fault, FIRST_PAUSE);
  }

  /**
   * @param fault why it has to be taken up, told when that was once too often
   */
  private void takeUp(
      UUID id, String fromService, boolean progressless, String fault, Duration pause) {
    if (stopping) {
      return;
    }
    try {
      startOrder
          .inTurn(id, () -> takeUpNow(id, fromService, progressless))
          .ifPresent(execution -> giveUp(execution, fault));
    } catch (RuntimeException e) {
      log.warn("Instance {} can't be taken up; trying again in {} s", id, pause.toSeconds(), e);
      takeUpLater(id, fromService, progressless, fault, pause);
    }
  }

  /** Whether it runs here under its present key: a PATCH may have come before a taking up. */
  private boolean runsHere(UUID id) {
    return running
        .key(id)
        .filter(key -> parts.instances().lost(List.of(key)).isEmpty())
        .isPresent();
  }

  private void takeUpLater(
      UUID id, String fromService, boolean progressless, String fault, Duration pause) {
    if (stopping) {
      return;
    }
    var longer = pause.multipliedBy(2);
    var next = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
    parts
        .timers()
        .after(
            pause,
            "take up instance",
            () -> threads.execute(() -> takeUp(id, fromService, progressless, fault, next)));
  }

  /** Present when it has been taken up too often, and was not started. */
  private Optional<Execution> takeUpNow(UUID id, String fromService, boolean progressless) {
    if (runsHere(id)) {
      return Optional.empty();
    }
    var execution = parts.instances().takeUp(id, fromService, parts.service(), progressless);
    var exhausted = execution.filter(it -> it.instance().reRunTimes() > MAX_RERUNS);
    if (exhausted.isEmpty()) {
      execution.ifPresent(this::start);
    }
    return exhausted;
  }

  private void giveUp(Execution execution, String fault) {
    var text = "re-run times exhausted; the last fault: " + fault;
    log.warn("Instance {}: {}", execution.instance().id(), text);
    var unused = finish(execution.key(), execution.instance(), InstanceStatus.FAILED, text, true);
    tell(execution.instance().id());
  }

  private void start(Execution start) {
    var id = start.instance().id();
    var execution =
        new InstanceExecution(
            parts, rules, http, threads, start, places, this::suspend, eventFeed::nudge);
    var thread =
        Thread.ofVirtual()
            .name("instance-" + id)
            .unstarted(() -> execution.runHere(() -> machineRun.run(execution)));
    var limit = execution.limitation().instanceTimeout();
    var deadline =
        parts
            .timers()
            .after(
                untilDeadline(start.instance(), limit == null ? Long.MAX_VALUE : limit),
                "instance timeout",
                () -> Thread.ofPlatform().name("timeout-" + id).start(() -> timeOut(execution)));
    running.add(execution, deadline);
    if (stopping) {
      running.cancel(id, "the service is stopping");
      return;
    }
    thread.start();
  }

  private Duration untilDeadline(Instance instance, long limitMillis) {
    // A year is as good as never, and does not overflow.
    var bounded = Math.min(limitMillis, TimeUnit.DAYS.toMillis(365));
    var left = Duration.between(parts.clock().instant(), instance.startTime().plusMillis(bounded));
    return left.isNegative() ? Duration.ZERO : left;
  }

  private void timeOut(InstanceExecution execution) {
    var text =
        "the instance exceeded InstanceTimeout ("
            + execution.limitation().instanceTimeout()
            + " ms)";
    if (execution.cancellation().isCancelled()) {
      return;
    }
    log.warn("Instance {}: {}", execution.id(), text);
    conclude(execution, InstanceStatus.FAILED, text);
  }

  private void conclude(
      InstanceExecution execution, InstanceStatus status, @Nullable String exception) {
    if (execution.cancellation().isCancelled()) {
      return;
    }
    Optional<Instance> ended = Optional.empty();
    try {
      var endTime =
          finish(
              execution.key(), execution.instance(), status, exception, execution.hasUsedActors());
      ended = execution.ended(status, endTime);
    } catch (StaleExecutionException e) {
      log.debug("{}", e.getMessage());
    } catch (RuntimeException e) {
      suspend(execution, e);
      return;
    }
    // Actors that the program did not wait for must not outlive the instance.
    running.end(execution, exception == null ? "the instance has ended" : exception);
    ended.ifPresent(instance -> endWatch.tell(execution.id(), Optional.of(shown(instance))));
    tell(execution.id());
  }

  private Instant finish(
      ExecutionKey key,
      Instance instance,
      InstanceStatus status,
      @Nullable String exception,
      boolean usedActors) {
    var callback = RequestRules.endCallback(instance);
    var endTime = parts.instances().finish(key, status, exception, usedActors, callback);
    if (callback != null) {
      parts.callbacks().onStored().run();
    }
    return endTime;
  }

  /** A fault that is not the program's: its result does not count, and it is taken up again. */
  private void suspend(InstanceExecution execution, RuntimeException fault) {
    var reason = "suspended: " + fault.getMessage();
    if (!execution.cancellation().cancel(reason) || stopping) {
      return;
    }
    log.warn("Instance {} is suspended, and will be taken up again", execution.id(), fault);
    running.end(execution, reason);
    takeUpLater(execution.id(), parts.service(), true, ErrorText.ofFault(fault), FIRST_PAUSE);
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
          .forEach(
              key ->
                  running.cancel(key, "somebody else has taken the instance over, or deleted it"));
    }
  }

  /**
   * Accepts nothing more, lets actors that have a container end for a bounded time, then cancels
   * the rest and waits, bounded too, until their containers are gone. The instances stay Running in
   * the database. Later calls do nothing.
   */
  public void stop(Duration grace) {
    stopping = true;
    watchdogTask.cancel();
    if (!running.drain(grace)) {
      log.warn("Actors still run after {} s; they are stopped", grace.toSeconds());
    }
    for (var id : List.copyOf(running.ids())) {
      running.cancel(id, "the service is stopping");
    }
    if (!running.awaitEnding(REMOVAL_GRACE)) {
      log.warn("Some containers are not gone yet; the next start of the service removes them");
    }
    eventFeed.close();
    endWatch.close();
    http.close();
    looks.close();
  }

  /** Stops at once. */
  @Override
  public void close() {
    stop(Duration.ZERO);
  }
}
