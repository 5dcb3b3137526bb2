package com.joyoi.management.engine;

import com.joyoi.management.blame.InstanceCode;
import com.joyoi.management.blob.SmallContent;
import com.joyoi.management.callback.CallKeys;
import com.joyoi.management.callback.HostCall;
import com.joyoi.management.callback.HttpInvoker;
import com.joyoi.management.concurrent.Cancellation;
import com.joyoi.management.engine.ProgramCall.Kind;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.instance.ExecutionKey;
import com.joyoi.management.instance.InstanceRepository.Execution;
import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.SandboxOptions.Reuse;
import com.joyoi.management.usercode.RunActorParam;
import com.joyoi.management.usercode.StartedActors;
import com.joyoi.management.usercode.StateMachineContext;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One execution of one instance, as its state machine sees it. It ends in one of two ways: the
 * program comes to its end, or the execution is cancelled (stop of the service, takeover, PATCH,
 * DELETE, time-out, fault of ours) and everything that the program still asks for fails with a
 * {@link CancellationException} and changes nothing. Thread-safe.
 */
final class InstanceExecution implements StateMachineContext {
  private static final Logger log = LoggerFactory.getLogger(InstanceExecution.class);

  /** Why an execution ends that owns its instance no more. */
  static final String LOST = "somebody else has taken the instance over, or deleted it";

  private final EngineParts parts;
  private final RequestRules rules;
  private final HttpInvoker http;
  private final Executor threads;
  private final Consumer<UUID> onWrite;
  private final Execution start;
  private final InstanceCode code;
  private final InstanceTime time;
  private final Limitation limitation;
  private final RunHistory history;
  private final Cancellation cancellation = new Cancellation();
  private final ActiveRuns activeRuns = new ActiveRuns(cancellation);
  private final FaultGuard guard;
  private final ProgramRuns runs;
  private final CallKeys callKeys;
  private final WaitNote waitNote;
  private volatile ProgramCalls calls;
  private volatile Position position;
  private volatile boolean movedOn;
  private volatile boolean handlesError;
  private volatile boolean waitsForClass;
  private volatile Reuse reuse = Reuse.ALWAYS;
  private final AtomicBoolean decided = new AtomicBoolean();
  private final AtomicReference<@Nullable Thread> thread = new AtomicReference<>();

  /** Where the instance stands: a stage and the entry that counts it. */
  record Position(String stage, int entry) {}

  /**
   * @param threads runs what the program asks for, one virtual thread each
   * @param onFault told of a fault that is not the program's; it cancels the execution
   * @param onWrite told of the instance after each write that followers of it may see
   */
  InstanceExecution(
      EngineParts parts,
      RequestRules rules,
      HttpInvoker http,
      Executor threads,
      Execution start,
      RunPlaces places,
      BiConsumer<InstanceExecution, RuntimeException> onFault,
      Consumer<UUID> onWrite) {
    this.parts = parts;
    this.rules = rules;
    this.http = http;
    this.threads = threads;
    this.start = start;
    this.onWrite = onWrite;
    code = parts.code().of(start.instance().id());
    time = new InstanceTime(start.used(), parts.clock().instant());
    limitation = start.instance().limitation().over(parts.limitation());
    history = new RunHistory(start.runs(), start.stageEntry());
    position = new Position(start.instance().stage(), start.stageEntry());
    guard = new FaultGuard(cancellation, threads, fault -> onFault.accept(this, fault));
    waitNote = new WaitNote(parts.instances(), key());
    runs = new ProgramRuns(parts, this, start, guard, history, places, waitNote);
    // A recovery keeps the start time, a PATCH gives a new one.
    callKeys = new CallKeys(id() + " " + instance().startTime());
    calls = newCalls("runAsync");
  }

  private ProgramCalls newCalls(String method) {
    return new ProgramCalls(method, cancellation, code, parts.timers(), threads);
  }

  /**
   * What the program has asked for in the method that runs now: {@code runAsync}, until {@link
   * #enterErrorHandler()}.
   */
  ProgramCalls calls() {
    return calls;
  }

  /** From now on, what is asked for is asked for by {@code handleErrorAsync}. */
  void enterErrorHandler() {
    handlesError = true;
    calls = newCalls("handleErrorAsync");
  }

  /**
   * Whether the caller is the one to end it: its program has come to its end, or its time is over,
   * and not both.
   */
  boolean decide() {
    return decided.compareAndSet(false, true);
  }

  /** Then it has a bound of its own, and that of the instance does not hold any more. */
  boolean handlesError() {
    return handlesError;
  }

  ExecutionKey key() {
    return start.key();
  }

  @Nullable String sourceHash() {
    return start.stateMachineHash();
  }

  Instance instance() {
    return start.instance();
  }

  /**
   * The instance as it is stored now that it has ended; empty unless it succeeded without runs: of
   * those the database knows better.
   */
  Optional<Instance> ended(InstanceStatus status, Instant endTime) {
    return status == InstanceStatus.SUCCEEDED && !hasUsedActors()
        ? Optional.of(instance().succeeded(endTime))
        : Optional.empty();
  }

  Cancellation cancellation() {
    return cancellation;
  }

  /** The most that its state machine allows. */
  Reuse reuse() {
    return reuse;
  }

  void allow(Reuse newReuse) {
    reuse = newReuse;
  }

  ActiveRuns activeRuns() {
    return activeRuns;
  }

  Position position() {
    return position;
  }

  /** Whether runs or pins may be recorded of the instance. */
  boolean hasUsedActors() {
    // Beside an error handler, a program that is out of time may have begun one more run.
    return runs.haveBeenUsed() || handlesError;
  }

  /** Runs its state machine on this thread; whoever only waits for a future has none. */
  void runHere(Runnable machine) {
    thread.set(Thread.currentThread());
    try (var ignored = code.inside()) {
      machine.run();
    } finally {
      // What comes after the program's future may have begun on another one.
      thread.compareAndSet(Thread.currentThread(), null);
    }
  }

  InstanceCode code() {
    return code;
  }

  InstanceTime time() {
    return time;
  }

  /** There is no class to run. */
  void waitForClass() {
    waitsForClass = true;
  }

  /**
   * Not without a class, nor while its code waits, and all its runs wait for a node, or what it has
   * done for the database.
   */
  boolean couldRun() {
    return !waitsForClass
        && (code.isRunning() || !(parts.instances().isTroubled() || activeRuns.allWait()));
  }

  /** Where its state machine runs now; null when it waits for the future that it returned. */
  @Nullable Thread thread() {
    return thread.get();
  }

  /** Cancels it when the instance is somebody else's, or gone; a database that is away says no. */
  void checkOwned() {
    try {
      if (!parts.instances().lost(List.of(key())).isEmpty()) {
        cancellation.cancel(LOST);
      }
    } catch (RuntimeException e) {
      log.debug("Instance {}: whether it is still ours is not known", id(), e);
    }
  }

  /** Followers may see something new. */
  void wrote() {
    onWrite.accept(id());
  }

  @Override
  public UUID id() {
    return instance().id();
  }

  @Override
  public String stage() {
    return position.stage();
  }

  @Override
  public StartedActors startedActors() {
    return history.started();
  }

  @Override
  public List<BlobReference> initialBlobs() {
    return instance().initialBlobs();
  }

  @Override
  public Limitation limitation() {
    return limitation;
  }

  @Override
  public Map<String, @Nullable String> parameters() {
    return instance().parameters();
  }

  @Override
  public int priority() {
    return instance().priority();
  }

  @Override
  public CompletableFuture<Void> setStage(String stage) {
    rules.checkStage(stage);
    return async(
        Kind.STAGE,
        () -> {
          // A program that was taken up enters its stage again: its recorded runs still count.
          if (!movedOn && stage.equals(position.stage())) {
            movedOn = true;
            return null;
          }
          movedOn = true;
          history.leaveRecoveredStage();
          position = new Position(stage, parts.instances().enterStage(key(), stage, time.used()));
          wrote();
          return null;
        });
  }

  @Override
  public CompletableFuture<ActorRun> runActor(RunActorParam param) {
    rules.checkRun(param, limitation);
    ProgramCall<ActorRun> call = calls.begin(Kind.ACTOR_RUN);
    return call.follow(
        runs.begin(List.of(param))
            .getFirst()
            .thenApply(run -> ProgramRuns.succeeded(List.of(run)).getFirst()));
  }

  @Override
  public CompletableFuture<List<ActorRun>> runActors(List<RunActorParam> params) {
    params.forEach(param -> rules.checkRun(param, limitation));
    ProgramCall<List<ActorRun>> call = calls.begin(Kind.ACTOR_RUN);
    var all = runs.begin(params);
    call.countBy(() -> (int) all.stream().filter(run -> !run.isDone()).count());
    return call.follow(
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
            .thenApply(
                ended ->
                    ProgramRuns.succeeded(all.stream().map(CompletableFuture::join).toList())));
  }

  @Override
  public CompletableFuture<BlobReference> uploadBlob(String name, InputStream content) {
    return async(
        Kind.UPLOAD,
        () -> {
          var id = stored(name, content);
          runs.refers(id);
          return new BlobReference(id, name);
        });
  }

  private UUID stored(String name, InputStream content) {
    var begin = RunOutputs.begin(content);
    if (begin.length <= SmallContent.MAX_BYTES) {
      return parts
          .instances()
          .store(key(), RunOutputs.newBlob(name, begin, parts.ids(), parts.clock()));
    }
    var whole = new SequenceInputStream(new ByteArrayInputStream(begin), content);
    var id = parts.blobs().put(whole, name, null).id();
    return stillStored(
        () -> {
          parts.instances().referTo(key(), List.of(id));
          return id;
        });
  }

  /**
   * Refers to blobs that were put just now. When retention was faster, that is no fault of the
   * program: it makes them again.
   */
  static <T> T stillStored(Supplier<T> reference) {
    try {
      return reference.get();
    } catch (JoyoiException e) {
      if (e.kind() != JoyoiException.Kind.INVALID) {
        throw e;
      }
      throw new JoyoiException(
          JoyoiException.Kind.UNAVAILABLE,
          "a blob was removed before the instance could refer to it; is the retention of unused"
              + " blobs too short? "
              + e.getMessage(),
          e);
    }
  }

  @Override
  public InputStream openBlob(BlobReference blob) {
    RequestRules.checkId("openBlob: blob.id", blob);
    var id = blob.id();
    try (var ignored = code.outside()) {
      return new InstanceBlobStream(
          guard.guarded(() -> parts.blobs().open(id)), code, guard::ended);
    }
  }

  @Override
  public CompletableFuture<String> httpInvoke(String method, String path, @Nullable Object body) {
    var host = new HostCall(parameters().get(RequestRules.HOST), method, path, body);
    var key = callKeys.next(position.entry(), host);
    ProgramCall<String> call = calls.begin(Kind.HOST_CALL);
    return call.follow(
        guard.asyncStages(() -> http.invoke(host, key, cancellation, waitNote.line())));
  }

  private <T> CompletableFuture<T> async(Kind kind, Supplier<T> work) {
    ProgramCall<T> call = calls.begin(kind);
    return call.follow(guard.async(work));
  }
}
