package com.joyoi.management.engine;

import com.joyoi.management.actor.ActorResult;
import com.joyoi.management.actor.ActorTask;
import com.joyoi.management.concurrent.Futures;
import com.joyoi.management.instance.InstanceRepository.Execution;
import com.joyoi.management.instance.InstanceRepository.NewRun;
import com.joyoi.management.instance.InstanceRepository.RunEnd;
import com.joyoi.management.instance.InstanceRepository.RunPlace;
import com.joyoi.management.instance.InstanceRepository.RunStarts;
import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.ActorStatus;
import com.joyoi.management.model.BlobInfo;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.usercode.ActorFailedException;
import com.joyoi.management.usercode.RunActorParam;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The actor runs that one execution's program asks for: each is recorded, run, and recorded again,
 * or answered from the record of an execution before. Thread-safe.
 */
final class ProgramRuns {
  private final EngineParts parts;
  private final InstanceExecution execution;
  private final FaultGuard guard;
  private final RunHistory history;
  private final RunPlaces places;
  private final WaitNote waitNote;
  private final UsedActors actors;

  /** Blobs that the instance refers to for sure. */
  private final Set<UUID> referred = ConcurrentHashMap.newKeySet();

  private volatile boolean used;

  ProgramRuns(
      EngineParts parts,
      InstanceExecution execution,
      Execution start,
      FaultGuard guard,
      RunHistory history,
      RunPlaces places,
      WaitNote waitNote) {
    this.parts = parts;
    this.execution = execution;
    this.guard = guard;
    this.history = history;
    this.places = places;
    this.waitNote = waitNote;
    this.actors = new UsedActors(parts.actors(), start.pins());
    used = !start.runs().isEmpty() || !start.pins().isEmpty();
    start.instance().initialBlobs().forEach(blob -> referred.add(blob.id()));
    // Inputs are not: those of an earlier version's runs go with the runs.
    start.runs().forEach(run -> run.run().outputs().forEach(blob -> referred.add(blob.id())));
  }

  /** Whether runs or pins may be recorded of the instance. */
  boolean haveBeenUsed() {
    return used;
  }

  /** The instance refers to a blob. */
  void refers(UUID blob) {
    referred.add(blob);
  }

  /**
   * Begins runs, all at once.
   *
   * @return a future for each, in their order, that has the run whether it succeeded or failed
   */
  List<CompletableFuture<ActorRun>> begin(List<RunActorParam> params) {
    var at = execution.position();
    var plans = new ArrayList<Plan>();
    for (var param : params) {
      plans.add(
          new Plan(
              param,
              at,
              parts.ids().next(),
              history.reserve(),
              history.claim(param, () -> guard.guarded(() -> digests(param)))));
    }
    // Starts are recorded together, in the order of the call.
    var programs = guard.async(() -> start(plans));
    var futures = new ArrayList<CompletableFuture<ActorRun>>();
    for (int i = 0; i < plans.size(); i++) {
      var index = i;
      futures.add(
          programs.thenCompose(
              started -> guard.asyncStages(() -> run(plans.get(index), started.get(index)))));
    }
    return futures;
  }

  /** Of a run in each of the images that it may have, and in none. */
  private Set<String> digests(RunActorParam param) {
    var digest = digest(param);
    var digests = new HashSet<String>();
    digests.add(digest.in(null));
    parts.actorRunner().images().forEach(image -> digests.add(digest.in(image)));
    return digests;
  }

  private RunDigest digest(RunActorParam param) {
    return new RunDigest(
        actors.hash(param.name()),
        param.inputs().stream()
            .map(input -> new RunDigest.Input(input.name(), sha256(input)))
            .toList(),
        param.tag(),
        limitation(param));
  }

  private String sha256(BlobReference input) {
    return parts
        .blobs()
        .find(input.id())
        .map(BlobInfo::sha256)
        // It fails when it is run, and says why; nothing that is recorded had it.
        .orElse("");
  }

  /** One run to be done, or answered from its record. */
  private record Plan(
      RunActorParam param,
      InstanceExecution.Position at,
      UUID runId,
      int place,
      Optional<ActorRun> recorded) {
    NewRun toNewRun() {
      return new NewRun(runId, param.name(), at.entry(), at.stage(), param.inputs(), param.tag());
    }
  }

  /**
   * What one run runs, and when it began; empty for a run that is answered from its record.
   *
   * @param stored when its start is recorded
   */
  private record Started(ActorTask.Program program, Instant time, CompletableFuture<?> stored) {}

  private List<Optional<Started>> start(List<Plan> plans) {
    var open = plans.stream().filter(plan -> plan.recorded().isEmpty()).toList();
    var programs = new HashMap<String, ActorTask.Program>();
    for (var plan : open) {
      programs.computeIfAbsent(plan.param().name(), name -> program(actors.hash(name)));
    }
    var stored = record(open, programs.keySet());
    var now = parts.clock().instant();
    return plans.stream()
        .map(
            plan ->
                plan.recorded().isPresent()
                    ? Optional.<Started>empty()
                    : Optional.ofNullable(programs.get(plan.param().name()))
                        .map(program -> new Started(program, now, stored)))
        .toList();
  }

  private ActorTask.Program program(String hash) {
    var catalog = parts.actors();
    var program = catalog.program(hash);
    return new ActorTask.Program(
        program.content().length, program.language(), () -> catalog.program(hash));
  }

  /**
   * Records starts: before this returns when the instance has not referred to all of the runs'
   * inputs and programs before, so that none of them goes meanwhile. Else the runs may begin while
   * it is done: should the service die, they are begun again, recorded or not.
   */
  private CompletableFuture<?> record(List<Plan> plans, Set<String> names) {
    if (plans.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    used = true;
    var pins = actors.unrecorded(names);
    var inputs =
        plans.stream()
            .flatMap(plan -> plan.param().inputs().stream().map(BlobReference::id))
            .collect(Collectors.toSet());
    var newInputs =
        inputs.stream().filter(id -> !referred.contains(id)).collect(Collectors.toSet());
    var starts = new RunStarts(plans.stream().map(Plan::toNewRun).toList(), pins, newInputs);
    CompletableFuture<?> stored;
    if (pins.isEmpty() && newInputs.isEmpty()) {
      stored = guard.async(() -> store(starts));
    } else {
      stored = CompletableFuture.completedFuture(store(starts));
    }
    parts.blobs().prefetch(inputs);
    return stored;
  }

  private RunStarts store(RunStarts starts) {
    try {
      parts.instances().startRuns(execution.key(), starts);
    } catch (RuntimeException e) {
      actors.notRecorded(starts.pins());
      throw e;
    }
    actors.recorded(starts.pins());
    referred.addAll(starts.newInputs());
    execution.wrote();
    return starts;
  }

  /**
   * The runs, when none has failed.
   *
   * @throws ActorFailedException for the first that has, with the others suppressed
   */
  static List<ActorRun> succeeded(List<ActorRun> runs) {
    ActorFailedException first = null;
    for (var run : runs) {
      if (run.status() == ActorStatus.FAILED) {
        var failure = new ActorFailedException(run, runs);
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

  private CompletableFuture<ActorRun> run(Plan plan, Optional<Started> started) {
    if (started.isEmpty()) {
      return CompletableFuture.completedFuture(plan.recorded().orElseThrow());
    }
    var active = execution.activeRuns().begin();
    try {
      return run(plan, started.get(), active);
    } catch (RuntimeException | Error e) {
      // Whoever drains the runs waits for all that have begun.
      active.close();
      throw e;
    }
  }

  private CompletableFuture<ActorRun> run(Plan plan, Started started, ActiveRuns.ActiveRun active) {
    var outputs = new RunOutputs(parts.blobs(), parts.ids(), parts.clock());
    var where = new AtomicReference<@Nullable Where>();
    var withdrawn = new CompletableFuture<Boolean>();
    return parts
        .actorRunner()
        .run(task(plan, started, active, where, withdrawn, outputs), active.cancellation())
        .thenCombine(started.stored(), (result, stored) -> result)
        .thenApply(result -> ended(plan, started.time(), result, outputs, where.get()))
        .whenComplete(
            (run, error) -> {
              active.close();
              places.remove(plan.runId());
              withdrawn.complete(error == null);
              if (error != null && Futures.unwrap(error) instanceof CancellationException) {
                execution.activeRuns().awaitCancelWhileDraining();
              }
            });
  }

  /** Where a run is tried, and in which image. */
  private record Where(RunPlace place, @Nullable String image) {}

  private ActorTask task(
      Plan plan,
      Started started,
      ActiveRuns.ActiveRun active,
      AtomicReference<@Nullable Where> where,
      CompletableFuture<Boolean> withdrawn,
      RunOutputs outputs) {
    var param = plan.param();
    var line = waitNote.line();
    return new ActorTask(
        plan.runId(),
        execution.id(),
        param.name(),
        started.program(),
        param.inputs(),
        limitation(param),
        execution.priority(),
        Boolean.parseBoolean(execution.parameters().get(RequestRules.DEBUG)),
        execution.reuse(),
        new ActorTask.Placement() {
          @Override
          public void placed(String node, String containerId, String containerName) {
            active.placed();
            var place = new RunPlace(node, containerId, containerName);
            where.set(new Where(place, parts.actorRunner().image(node).orElse(null)));
            places.put(execution.key(), plan.runId(), place);
            line.waitsNoMore();
          }

          @Override
          public void waiting(String reason) {
            line.waiting("actor " + param.name() + " waits for a node: " + reason);
          }

          @Override
          public void waitsNoMore() {
            line.waitsNoMore();
          }

          @Override
          public void checkWanted() {
            execution.checkOwned();
          }

          @Override
          public CompletableFuture<Boolean> left() {
            // Else others know its place until its end is recorded.
            return places.remove(plan.runId())
                ? CompletableFuture.completedFuture(true)
                : withdrawn;
          }
        },
        outputs);
  }

  private ActorRun ended(
      Plan plan, Instant startTime, ActorResult result, RunOutputs outputs, @Nullable Where where) {
    var place = where == null ? null : where.place();
    var digest = digest(plan.param()).in(where == null ? null : where.image());
    var end =
        result instanceof ActorResult.Succeeded succeeded
            ? new RunEnd(
                true,
                succeeded.outputs(),
                List.of(),
                outputs.contents(succeeded.outputs()),
                place,
                execution.time().used(),
                digest)
            : new RunEnd(
                false,
                List.of(),
                List.of(ErrorText.ofRun(((ActorResult.Failed) result).reason())),
                List.of(),
                place,
                execution.time().used(),
                digest);
    var recorded =
        InstanceExecution.stillStored(
            () -> parts.instances().endRun(execution.key(), plan.toNewRun(), end));
    recorded.forEach(output -> referred.add(output.id()));
    execution.wrote();
    var param = plan.param();
    var run =
        new ActorRun(
            param.name(),
            startTime,
            parts.clock().instant(),
            param.inputs(),
            recorded,
            end.exceptions(),
            end.succeeded() ? ActorStatus.SUCCEEDED : ActorStatus.FAILED,
            plan.at().stage(),
            param.tag(),
            place == null ? null : place.node(),
            place == null ? null : place.containerId(),
            place == null ? null : place.containerName());
    history.add(plan.place(), run);
    return run;
  }

  private Limitation limitation(RunActorParam param) {
    var own = param.limitation();
    return own == null ? execution.limitation() : own.over(execution.limitation());
  }
}
