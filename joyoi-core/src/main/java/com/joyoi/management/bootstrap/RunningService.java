package com.joyoi.management.bootstrap;

import com.joyoi.management.actor.ActorRunner;
import com.joyoi.management.blame.RunningCode;
import com.joyoi.management.blob.BlobStore;
import com.joyoi.management.callback.CallbackDeliveries;
import com.joyoi.management.callback.CallbackPolicy;
import com.joyoi.management.catalog.ActorCatalog;
import com.joyoi.management.catalog.StateMachineCatalog;
import com.joyoi.management.compile.SourceCompiler;
import com.joyoi.management.concurrent.Timers;
import com.joyoi.management.container.ContainerReaper;
import com.joyoi.management.container.LeftBehind;
import com.joyoi.management.container.Sandboxes;
import com.joyoi.management.container.SessionIdentity;
import com.joyoi.management.docker.DockerEngine;
import com.joyoi.management.engine.Engine;
import com.joyoi.management.engine.EngineCallbacks;
import com.joyoi.management.engine.EngineParts;
import com.joyoi.management.engine.InstanceStores;
import com.joyoi.management.engine.StateMachineEngine;
import com.joyoi.management.listing.TimeOrderedIds;
import com.joyoi.management.model.LeftContainer;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.model.ServiceStatus;
import com.joyoi.management.node.NodeDirectory;
import com.joyoi.management.node.NodePool;
import com.joyoi.management.node.NodePools;
import com.joyoi.management.notify.CallbackSender;
import com.joyoi.management.notify.WebhookNotifier;
import com.joyoi.management.persistence.DatabaseSettings;
import com.joyoi.management.persistence.Persistence;
import com.joyoi.management.recovery.Recovery;
import com.joyoi.management.recovery.ServiceSession;
import com.joyoi.management.recovery.TakeOver;
import com.joyoi.management.runner.ContainerRunner;
import com.joyoi.management.settings.ServiceOptions;
import com.joyoi.management.slot.SharedSlots;
import com.joyoi.management.slot.SlotLedger;
import com.joyoi.management.usercode.StateMachine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The wiring. What is opened first is closed last: the database outlives the engine that writes to
 * it, and the nodes outlive the containers that are removed from them.
 */
final class RunningService implements ManagementService {
  private static final Logger log = LoggerFactory.getLogger(RunningService.class);

  /** How long actors that run may go on when the service is told to stop. */
  private static final Duration STOP_GRACE = Duration.ofSeconds(30);

  /** What a dead session or a lost answer left on a node is found within this time. */
  private static final Duration SWEEP_PERIOD = Duration.ofMinutes(1);

  private final Closer closer;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Persistence database;
  private final NodePool nodes;
  private final NodeFollowing following;
  private final LeftBehind left;
  private final Housekeeping housekeeping;
  private final BlobStore blobs;
  private final ActorCatalog actors;
  private final StateMachineCatalog stateMachines;
  private final CallbackSender callbacks;
  private final Engine engine;

  static RunningService start(
      ServiceOptions options,
      Map<String, Supplier<? extends StateMachine>> registered,
      @Nullable Clock ownClock,
      Runnable onFenced,
      Runnable onOutOfMemory) {
    var closer = new Closer();
    try {
      return new RunningService(options, registered, ownClock, onFenced, onOutOfMemory, closer);
    } catch (RuntimeException e) {
      try {
        closer.close();
      } catch (RuntimeException closing) {
        e.addSuppressed(closing);
      }
      throw e;
    }
  }

  private RunningService(
      ServiceOptions options,
      Map<String, Supplier<? extends StateMachine>> registered,
      @Nullable Clock ownClock,
      Runnable onFenced,
      Runnable onOutOfMemory,
      Closer closer) {
    this.closer = closer;
    var compiler = new SourceCompiler();
    Thread.ofPlatform().name("compiler-warm-up").daemon().start(compiler::warmUp);
    database = closer.add(Persistence.open(database(options), ownClock));
    var clock = database.clock();
    var timers = closer.add(Timers.platform("joyoi-timer"));
    var identity =
        new SessionIdentity(
            database.serviceRegistry().installation(),
            options.name(),
            UUID.randomUUID().toString());
    closer.add(RunningNames.take(identity, options.replace()));
    var session =
        closer.add(
            ServiceSession.claim(
                database.serviceRegistry(),
                options.name(),
                identity.session(),
                options.takeOver().lease(),
                options.nodes().stream().map(NodeOptions::name).toList(),
                // Only one process can have the embedded database open: any other one is dead.
                options.replace() || options.database() == null));
    var notifier = closer.add(new WebhookNotifier(options.name(), options.notifyWebhook()));
    var ledger = database.containerLedger(options.name());
    left = new LeftBehind(identity, session::isHeld, ledger);
    var reaper =
        new ContainerReaper(
            identity,
            session::isHeld,
            ledger,
            timers,
            clock,
            task -> Thread.ofVirtual().name("joyoi-reaper").start(task));
    var sandboxes = new Sandboxes(identity, ledger, reaper);
    var slots =
        closer.add(
            SharedSlots.of(
                new SharedSlots.Session(
                    new SlotLedger.Owner(options.name(), identity.session()),
                    options.takeOver().lease(),
                    session.began(),
                    session.mayFormerLive() && options.replace()),
                database.slots(),
                new LeftSessions.OnNodes(
                    database, identity.installation(), options.takeOver().enabled()),
                timers));
    nodes =
        closer.add(
            NodePools.start(
                options.nodes(), DockerEngine::connect, timers, clock, notifier, sandboxes, slots));
    // Before the nodes' connections go, what waits on them must.
    closer.add(() -> reaper.close(nodes.allConnections()));
    closer.add(sandboxes);
    closer.add(nodes::stop);
    following = closer.add(new NodeFollowing(options, nodes, database.nodes(), clock));
    following.start(reaper, left, timers, clock);
    blobs = BlobStore.over(database.blobs(), clock);
    var blobsOfRuns = BlobStore.over(database.blobsOfRuns(), clock).ofReferred();
    actors = ActorCatalog.over(database.actors(), compiler);
    stateMachines = StateMachineCatalog.over(database.stateMachines(), compiler);
    registered.forEach(stateMachines::register);
    // One that was replaced lives: nothing is known of what it would have died of.
    var code =
        RunningCode.open(
            codeFile(options, identity), !session.isAfterGracefulStop() && !options.replace());
    var policy =
        new CallbackPolicy(
            options.callback().hosts(), () -> GuardedHosts.of(options, nodes.allConnections()));
    callbacks =
        closer.add(
            new CallbackSender(
                options.name(), options.callback(), policy, database.deliveries(), timers, clock));
    engine =
        new Engine(
            new EngineParts(
                options.name(),
                options.limitation().over(Limitation.DEFAULTS),
                () ->
                    nodes.connections().stream()
                        .map(node -> node.options().container())
                        .distinct()
                        .toList(),
                new InstanceStores(
                    database.instances(), database.idempotencyKeys(), database.instanceEvents()),
                stateMachines,
                ActorCatalog.over(database.actorsOfRuns(), compiler),
                blobsOfRuns,
                new ActorRunner(
                    nodes,
                    ContainerRunner.create(
                        identity,
                        ledger,
                        reaper,
                        clock,
                        task -> Thread.ofVirtual().name("joyoi-reset").start(task)),
                    blobsOfRuns,
                    timers,
                    Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("actor-run-", 0).factory())),
                new EngineCallbacks(policy, options.callback().retryFor(), callbacks::look),
                timers,
                new TimeOrderedIds(clock),
                clock,
                options.maxRunningInstances(),
                code,
                onOutOfMemory));
    closer.add(() -> engine.stop(STOP_GRACE));
    var takeOver =
        TakeOver.of(
            options.takeOver().enabled(),
            database.serviceRegistry(),
            engine,
            silent -> {
              database.deliveries().takeOver(silent, options.name());
              callbacks.look();
            },
            options.name());
    housekeeping =
        new Housekeeping(
            database,
            reaper,
            new LeftSessions(database, identity.installation(), nodes, takeOver),
            left,
            nodes);
    slots.onLeft(housekeeping::sweepNodes);
    timers.every(SWEEP_PERIOD, "sweep of the nodes", housekeeping::sweepNodes);
    timers.every(Housekeeping.PERIOD, "housekeeping", housekeeping::tidyDatabase);
    closer
        .add(
            new RetentionTask(
                options.retention(), database.instances(), database.blobs(), database.ageClock()))
        .start(timers);
    Runnable fenced =
        () -> {
          callbacks.close();
          onFenced.run();
        };
    session.start(
        timers,
        new Heartbeats(
            engine,
            new NewRuns(nodes, database),
            reaper,
            takeOver,
            slots,
            housekeeping::sweepNodes,
            fenced));
    housekeeping.sweepNodes();
    // What an earlier process of the name was sending when it died.
    database.deliveries().takeOver(options.name(), options.name());
    callbacks.look();
    // Goes on beside whatever is asked of the service.
    var unused = new Recovery(database.instances(), engine, options.name()).begin(code.left());
    log.info(
        "Service {} started with {} nodes on {}",
        options.name(),
        options.nodes().size(),
        database(options));
  }

  /** Services may share the folder; a name may have characters that a file's may not. */
  private static Path codeFile(ServiceOptions options, SessionIdentity identity) {
    var name = identity.installation() + "/" + identity.service();
    return options
        .dataDir()
        .resolve("code-" + UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)));
  }

  private static DatabaseSettings database(ServiceOptions options) {
    var server = options.database();
    return server == null
        ? DatabaseSettings.embedded(options.dataDir())
        : DatabaseSettings.of(server.jdbcUrl(), server.user(), server.password());
  }

  @Override
  public ActorCatalog actors() {
    return actors;
  }

  @Override
  public StateMachineCatalog stateMachines() {
    return stateMachines;
  }

  @Override
  public BlobStore blobs() {
    return blobs;
  }

  @Override
  public StateMachineEngine instances() {
    return engine;
  }

  @Override
  public CallbackDeliveries callbacks() {
    return callbacks;
  }

  @Override
  public NodePool nodes() {
    return nodes;
  }

  @Override
  public NodeDirectory nodeDirectory() {
    return following.directory();
  }

  @Override
  public List<LeftContainer> leftContainers() {
    return left.all(nodes::allConnections);
  }

  @Override
  public int leftContainersSeen() {
    return housekeeping.leftContainers();
  }

  @Override
  public boolean forgetLeft(String container) {
    return left.forget(container, nodes::allConnections);
  }

  @Override
  public List<ServiceStatus> services() {
    return database.serviceRegistry().all();
  }

  @Override
  public boolean isReady() {
    return database.isReachable() && nodes.anyHealthy();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      closer.close();
    }
  }
}
