package com.joyoi.management.engine;

import static com.joyoi.management.blame.RunningCode.unrecorded;

import com.joyoi.management.actor.ActorRunner;
import com.joyoi.management.blame.RunningCode;
import com.joyoi.management.blob.BlobStore;
import com.joyoi.management.callback.CallbackPolicy;
import com.joyoi.management.callback.HostRule;
import com.joyoi.management.concurrent.ManualTimers;
import com.joyoi.management.instance.InstanceRepository;
import com.joyoi.management.listing.TimeOrderedIds;
import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.persistence.DatabaseSettings;
import com.joyoi.management.persistence.Persistence;
import com.joyoi.management.recovery.Recovery;
import com.joyoi.management.usercode.RunActorParam;
import com.joyoi.management.usercode.StartedActors;
import com.joyoi.management.usercode.StateMachine;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An engine over the embedded database and fakes of everything that it runs actors with. A second
 * world over the same database is the service after a restart, or another one.
 */
final class EngineWorld implements AutoCloseable {
  static final String SERVICE = "Test";

  /** More than any test starts. */
  private static final int MANY = 10_000;

  final ManualTimers timers = new ManualTimers();
  final FakeNodePool nodes = new FakeNodePool();
  final FakeContainerRunner containers = new FakeContainerRunner();
  final FaultyBlobStore blobs;
  final FakeStateMachineCatalog stateMachines = new FakeStateMachineCatalog();
  final Persistence database;
  final RunningCode code;
  final AtomicInteger lacksOfMemory = new AtomicInteger();
  final Engine engine;

  /** How often the engine has told that the end of an instance is to be delivered. */
  final AtomicInteger callbacksStored = new AtomicInteger();

  /** What is done before each call of the instances' repository, by its name. */
  private final Map<String, Runnable> before = new ConcurrentHashMap<>();

  /** The same behind a call that went through: what it throws is all that is seen of it. */
  private final Map<String, Runnable> after = new ConcurrentHashMap<>();

  private final boolean ownsDatabase;
  private final @Nullable List<HostRule> hosts;

  EngineWorld() {
    this(open(), true, SERVICE, MANY, unrecorded(), null);
  }

  /** A service that may call these web services. */
  static EngineWorld calling(HostRule... hosts) {
    return new EngineWorld(open(), true, SERVICE, MANY, unrecorded(), List.of(hosts));
  }

  private static Persistence open() {
    return Persistence.open(DatabaseSettings.inMemory(), Clock.systemUTC());
  }

  /** A service on a database that the test closes. */
  static EngineWorld on(Persistence database) {
    return new EngineWorld(database, false, SERVICE, MANY, unrecorded(), null);
  }

  /** A service that runs so many instances at most. */
  static EngineWorld runningAtMost(int max) {
    return new EngineWorld(open(), true, SERVICE, max, unrecorded(), null);
  }

  /** A service that records whose code runs. */
  static EngineWorld recordingIn(Path file) {
    return new EngineWorld(open(), true, SERVICE, MANY, RunningCode.open(file, true), null);
  }

  private EngineWorld(
      Persistence database,
      boolean ownsDatabase,
      String service,
      int maxRunning,
      RunningCode code,
      @Nullable List<HostRule> hosts) {
    this(database, ownsDatabase, service, maxRunning, code, hosts, Limitation.DEFAULTS);
  }

  private EngineWorld(
      Persistence database,
      boolean ownsDatabase,
      String service,
      int maxRunning,
      RunningCode code,
      @Nullable List<HostRule> hosts,
      Limitation limitation) {
    this.code = code;
    this.hosts = hosts;
    this.database = database;
    this.ownsDatabase = ownsDatabase;
    blobs =
        new FaultyBlobStore(BlobStore.over(database.blobsOfRuns(), Clock.systemUTC()).ofReferred());
    engine =
        new Engine(
            new EngineParts(
                service,
                limitation,
                () -> List.of(ContainerOptions.DEFAULTS),
                new InstanceStores(
                    watched(database.instances()),
                    database.idempotencyKeys(),
                    database.instanceEvents()),
                stateMachines,
                new FakeActorCatalog(database.actorsOfRuns()),
                blobs,
                new ActorRunner(nodes, containers, blobs, timers, Thread::startVirtualThread),
                new EngineCallbacks(
                    new CallbackPolicy(hosts, Set::of),
                    Duration.ofHours(1),
                    callbacksStored::incrementAndGet),
                timers,
                new TimeOrderedIds(Clock.systemUTC()),
                timers.clock(),
                maxRunning,
                code,
                lacksOfMemory::incrementAndGet));
  }

  private InstanceRepository watched(InstanceRepository instances) {
    return (InstanceRepository)
        Proxy.newProxyInstance(
            EngineWorld.class.getClassLoader(),
            new Class<?>[] {InstanceRepository.class},
            (proxy, method, arguments) -> {
              before.getOrDefault(method.getName(), () -> {}).run();
              try {
                var result = method.invoke(instances, arguments);
                after.getOrDefault(method.getName(), () -> {}).run();
                return result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** Does something before each call of a method of the instances' repository. */
  void before(String method, Runnable action) {
    before.put(method, action);
  }

  /** Does something after each call of a method of the instances' repository. */
  void after(String method, Runnable action) {
    after.put(method, action);
  }

  /** The same service with other limits by default, and so many instances at most. */
  EngineWorld again(Limitation limitation, int maxRunning) {
    return new EngineWorld(database, false, SERVICE, maxRunning, unrecorded(), hosts, limitation);
  }

  /** Another service on the same database. */
  EngineWorld other(String service) {
    return new EngineWorld(database, false, service, MANY, unrecorded(), hosts);
  }

  /** The same service after it has died; call {@link #recover} when it has its machines. */
  EngineWorld afterDeath(Path file) {
    return new EngineWorld(database, false, SERVICE, MANY, RunningCode.open(file, true), hosts);
  }

  /** Takes up what was left, and waits until all but suspects have had their turn. */
  void recover() {
    beginRecovery().join();
  }

  CompletableFuture<Void> beginRecovery() {
    return new Recovery(database.instances(), engine, SERVICE).begin(code.left());
  }

  EngineWorld machine(String name, Supplier<StateMachine> factory) {
    stateMachines.register(name, factory);
    return this;
  }

  Instance create(String machine, BlobReference... blobs) {
    return engine.create(
        new InstanceRequest(machine, List.of(blobs)), StateMachineEngine.Privilege.SUBMIT);
  }

  Instance ended(Instance instance) {
    return engine.ended(instance.id()).join();
  }

  Instance now(Instance instance) {
    return database.instances().find(instance.id()).orElseThrow();
  }

  @Override
  public void close() {
    engine.close();
    if (ownsDatabase) {
      database.close();
    }
  }

  /** A state machine whose {@code runAsync} returns what a lambda does. */
  static StateMachine machineReturning(Function<LambdaMachine, CompletableFuture<Void>> program) {
    return new LambdaMachine(program);
  }

  /** A state machine of one lambda. */
  static StateMachine machineOf(Program program) {
    return new LambdaMachine(
        machine -> {
          program.run(machine);
          return CompletableFuture.completedFuture(null);
        });
  }

  /** What a test's state machine does. */
  interface Program {
    void run(LambdaMachine machine);
  }

  /** Opens the protected methods of the base to the tests. */
  static final class LambdaMachine extends StateMachine {
    private final Function<LambdaMachine, CompletableFuture<Void>> program;
    @Nullable Throwable handled;
    Function<LambdaMachine, CompletableFuture<Void>> handler = machine -> completed();

    private LambdaMachine(Function<LambdaMachine, CompletableFuture<Void>> program) {
      this.program = program;
    }

    @Override
    public CompletableFuture<Void> runAsync() {
      return program.apply(this);
    }

    @Override
    public CompletableFuture<Void> handleErrorAsync(Throwable error) {
      handled = error;
      return handler.apply(this);
    }

    String stageNow() {
      return stage();
    }

    void enter(String stage) {
      setStageAsync(stage).join();
    }

    ActorRun actor(String name, BlobReference... inputs) {
      return actorWith(new RunActorParam(name, inputs));
    }

    ActorRun actorWith(RunActorParam param) {
      return deployAndRunActorAsync(param).join();
    }

    CompletableFuture<ActorRun> begin(String actor) {
      return deployAndRunActorAsync(new RunActorParam(actor));
    }

    CompletableFuture<List<ActorRun>> begin(String... actors) {
      return deployAndRunActorsAsync(Stream.of(actors).map(RunActorParam::new));
    }

    CompletableFuture<Void> beginStage(String stage) {
      return setStageAsync(stage);
    }

    CompletableFuture<BlobReference> beginUpload(String name, String text) {
      return uploadBlobAsync(name, text);
    }

    CompletableFuture<String> call(String path) {
      return httpInvokeAsync("POST", path, null);
    }

    List<ActorRun> actors(String name, int count) {
      return deployAndRunActorsAsync(
              IntStream.range(0, count).mapToObj(i -> new RunActorParam(name, List.of(), "" + i)))
          .join();
    }

    StartedActors started() {
      return startedActors();
    }

    BlobReference upload(String name, String text) {
      return uploadBlobAsync(name, text).join();
    }

    String read(BlobReference blob) {
      return readAllText(blob);
    }

    String call(String method, String path) {
      return httpInvokeAsync(method, path, null).join();
    }

    RuntimeException unknown() {
      return unknownStage();
    }
  }
}
