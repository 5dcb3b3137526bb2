package com.joyoi.management.engine;

import com.joyoi.management.actor.ActorResult;
import com.joyoi.management.actor.ActorTask;
import com.joyoi.management.catalog.ActorCatalog.ActorProgram;
import com.joyoi.management.concurrent.Cancellation;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.instance.ExecutionKey;
import com.joyoi.management.instance.InstanceRepository.Execution;
import com.joyoi.management.instance.InstanceRepository.NewRun;
import com.joyoi.management.instance.InstanceRepository.RunEnd;
import com.joyoi.management.instance.StaleExecutionException;
import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.ActorStatus;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.usercode.ActorFailedException;
import com.joyoi.management.usercode.RunActorParam;
import com.joyoi.management.usercode.StartedActors;
import com.joyoi.management.usercode.StateMachineContext;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One execution of one instance, as its state machine sees it. It ends in one of two ways: the
 * program comes to its end, or the execution is cancelled (stop of the service, takeover, PATCH,
 * DELETE, time-out, fault of ours) and everything that the program still asks for fails with a
 * {@link CancellationException} and changes nothing. Thread-safe.
 */
final class InstanceExecution implements StateMachineContext {
  private final EngineParts parts;
  private final RequestRules rules;
  private final HttpInvoker http;
  private final Executor threads;
  private final BiConsumer<InstanceExecution, RuntimeException> onFault;
  private final Consumer<UUID> onWrite;
  private final Execution start;
  private final Limitation limitation;
  private final RunHistory history;
  private final Cancellation cancellation = new Cancellation();
  private final ActiveRuns activeRuns = new ActiveRuns(cancellation);
  private final Map<String, String> pinnedActors = new ConcurrentHashMap<>();
  private volatile Position position;
  private volatile boolean movedOn;

  /** Where the instance stands: a stage and the entry that counts it. */
  private record Position(String stage, int entry) {}

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
      BiConsumer<InstanceExecution, RuntimeException> onFault,
      Consumer<UUID> onWrite) {
    this.parts = parts;
    this.rules = rules;
    this.http = http;
    this.threads = threads;
    this.start = start;
    this.onFault = onFault;
    this.onWrite = onWrite;
    limitation = start.instance().limitation().over(parts.limitation());
    history = new RunHistory(start.runs(), start.stageEntry());
    position = new Position(start.instance().stage(), start.stageEntry());
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

  Cancellation cancellation() {
    return cancellation;
  }

  ActiveRuns activeRuns() {
    return activeRuns;
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
        () -> {
          // A program that was taken up enters its stage again: its recorded runs still count.
          if (!movedOn && stage.equals(position.stage())) {
            movedOn = true;
            return null;
          }
          movedOn = true;
          history.leaveRecoveredStage();
          position = new Position(stage, parts.instances().enterStage(key(), stage));
          onWrite.accept(id());
          return null;
        });
  }

  @Override
  public CompletableFuture<List<ActorRun>> runActors(List<RunActorParam> params) {
    params.forEach(param -> rules.checkRun(param, limitation));
    var at = position;
    var plans = new ArrayList<Plan>();
    for (var param : params) {
      plans.add(
          new Plan(param, at, TimeOrderedIds.next(), history.reserve(), history.claim(param)));
    }
    // Starts are recorded one after the other, so that records stand in the order of the call.
    var programs = async(() -> plans.stream().map(this::start).toList());
    var futures = new ArrayList<CompletableFuture<ActorRun>>();
    for (int i = 0; i < plans.size(); i++) {
      var index = i;
      futures.add(
          programs.thenCompose(started -> async(() -> run(plans.get(index), started.get(index)))));
    }
    return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
        .thenApply(all -> succeeded(futures.stream().map(CompletableFuture::join).toList()));
  }

  /** One run to be done, or answered from its record. */
  private record Plan(
      RunActorParam param, Position at, UUID runId, int place, Optional<ActorRun> recorded) {}

  /** A program and when its run began; empty for a run that is answered from its record. */
  private record Started(ActorProgram program, Instant time) {}

  private Optional<Started> start(Plan plan) {
    if (plan.recorded().isPresent()) {
      return Optional.empty();
    }
    var param = plan.param();
    var program = parts.actors().program(pinned(param.name()));
    var at = plan.at();
    parts
        .instances()
        .startRun(
            key(),
            new NewRun(
                plan.runId(), param.name(), at.entry(), at.stage(), param.inputs(), param.tag()));
    onWrite.accept(id());
    return Optional.of(new Started(program, parts.clock().instant()));
  }

  private static List<ActorRun> succeeded(List<ActorRun> runs) {
    ActorFailedException first = null;
    for (var run : runs) {
      if (run.status() == ActorStatus.FAILED) {
        var failure = new ActorFailedException(run);
        if (first == null) {
          first = failure;
        } else {
          first.addSuppressed(failure);
        }
      }
    }
    if (first != null) {
      throw first;
    }
    return runs;
  }

  private ActorRun run(Plan plan, Optional<Started> started) {
    if (plan.recorded().isPresent()) {
      return plan.recorded().get();
    }
    var program = started.orElseThrow().program();
    var param = plan.param();
    var runId = plan.runId();
    try (var active = activeRuns.begin()) {
      var where = new String[2];
      var result =
          parts
              .actorRunner()
              .run(
                  new ActorTask(
                      runId,
                      id(),
                      param.name(),
                      program,
                      param.inputs(),
                      param.limitation() == null ? limitation : param.limitation().over(limitation),
                      priority(),
                      Boolean.parseBoolean(parameters().get(RequestRules.DEBUG)),
                      (node, container) -> {
                        active.placed();
                        where[0] = node;
                        where[1] = container;
                        parts.instances().placeRun(key(), runId, node, container);
                      }),
                  active.cancellation());
      var end =
          result instanceof ActorResult.Succeeded succeeded
              ? new RunEnd(true, succeeded.outputs(), List.of())
              : new RunEnd(
                  false,
                  List.of(),
                  List.of(ErrorText.ofRun(((ActorResult.Failed) result).reason())));
      stillStored(() -> parts.instances().endRun(key(), runId, end));
      onWrite.accept(id());
      var run =
          new ActorRun(
              param.name(),
              started.get().time(),
              parts.clock().instant(),
              param.inputs(),
              end.outputs(),
              end.exceptions(),
              end.succeeded() ? ActorStatus.SUCCEEDED : ActorStatus.FAILED,
              plan.at().stage(),
              param.tag(),
              where[0],
              where[1]);
      history.add(plan.place(), run);
      return run;
    } catch (CancellationException e) {
      activeRuns.awaitCancelWhileDraining();
      throw e;
    }
  }

  /**
   * The source of an actor, pinned at its first use, so that a later PATCH of it changes nothing.
   */
  private String pinned(String actor) {
    var known = pinnedActors.get(actor);
    if (known != null) {
      return known;
    }
    var hash =
        parts
            .instances()
            .pinnedActor(id(), actor)
            .orElseGet(
                () ->
                    parts
                        .instances()
                        .pinActor(
                            key(),
                            actor,
                            parts
                                .actors()
                                .currentHash(actor)
                                .orElseThrow(() -> JoyoiException.notFound("actor", actor))));
    pinnedActors.put(actor, hash);
    return hash;
  }

  @Override
  public CompletableFuture<BlobReference> uploadBlob(String name, InputStream content) {
    return async(
        () -> {
          var blob = parts.blobs().put(content, name, null);
          stillStored(() -> parts.instances().referTo(key(), List.of(blob.id())));
          return new BlobReference(blob.id(), name);
        });
  }

  /**
   * Refers to blobs that were put just now. When retention was faster, that is no fault of the
   * program: it makes them again.
   */
  private static void stillStored(Runnable reference) {
    try {
      reference.run();
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
    return new InstanceBlobStream(
        guarded(() -> parts.blobs().open(blob.id())),
        fault -> {
          onFault.accept(this, fault);
          return cancelled(fault);
        });
  }

  @Override
  public CompletableFuture<String> httpInvoke(String method, String path, @Nullable Object body) {
    return async(() -> http.invoke(parameters().get("Host"), method, path, body, cancellation));
  }

  private <T> CompletableFuture<T> async(Supplier<T> work) {
    return CompletableFuture.supplyAsync(() -> guarded(work), threads);
  }

  /** Tells faults of ours from faults of the program: the program never sees the former. */
  private <T> T guarded(Supplier<T> work) {
    cancellation.throwIfCancelled();
    try {
      return work.get();
    } catch (StaleExecutionException e) {
      cancellation.cancel("somebody else has taken the instance over");
      throw cancelled(e);
    } catch (JoyoiException e) {
      if (e.kind() != JoyoiException.Kind.UNAVAILABLE
          && e.kind() != JoyoiException.Kind.INTERNAL
          && e.kind() != JoyoiException.Kind.BUSY) {
        throw e;
      }
      onFault.accept(this, e);
      throw cancelled(e);
    } catch (CancellationException e) {
      cancellation.throwIfCancelled();
      onFault.accept(this, e);
      throw e;
    }
  }

  private CancellationException cancelled(Throwable cause) {
    var cancelled = new CancellationException(cancellation.reason());
    cancelled.initCause(cause);
    return cancelled;
  }
}
