package com.joyoi.management.engine;

import static com.joyoi.management.blame.RunningCode.unrecorded;

import com.joyoi.management.actor.ActorRunner;
import com.joyoi.management.blame.RunningCode;
import com.joyoi.management.blob.BlobStore;
import com.joyoi.management.callback.CallbackPolicy;
import com.joyoi.management.callback.HostRule;
import com.joyoi.management.concurrent.ManualTimers;
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
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
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
    this.code = code;
    this.hosts = hosts;
    this.database = database;
    this.ownsDatabase = ownsDatabase;
    blobs = new FaultyBlobStore(BlobStore.over(database.blobs(), Clock.systemUTC()).ofReferred());
    engine =
        new Engine(
            new EngineParts(
                service,
                Limitation.DEFAULTS,
                () -> List.of(ContainerOptions.DEFAULTS),
                new InstanceStores(
                    database.instances(), database.idempotencyKeys(), database.instanceEvents()),
                stateMachines,
                new FakeActorCatalog(database.actors()),
                blobs,
                new ActorRunner(nodes, containers, blobs, timers, Thread::startVirtualThread),
                new EngineCallbacks(
                    new CallbackPolicy(hosts, Set::of),
                    Duration.ofHours(1),
                    callbacksStored::incrementAndGet),
                timers,
                timers.clock(),
                maxRunning,
                code,
                lacksOfMemory::incrementAndGet));
  }

  /** Another service on the same database. */
  EngineWorld other(String service) {
    return new EngineWorld(database, false, service, MANY, unrecorded(), hosts);
  }

  /** The same service after it has died; call {@link #recover} when it has its machines. */
  EngineWorld afterDeath(Path file) {
    return new EngineWorld(database, false, SERVICE, MANY, RunningCode.open(file, true), hosts);
  }

  void recover() {
    new Recovery(database.instances(), engine, SERVICE).takeUpAll(code.left());
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
