package com.joyoi.management.engine;

import com.joyoi.management.actor.ActorResult;
import com.joyoi.management.actor.ActorTask;
import com.joyoi.management.catalog.ActorCatalog.ActorProgram;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.error.NearestName;
import com.joyoi.management.instance.InstanceRepository.NewRun;
import com.joyoi.management.instance.InstanceRepository.RunEnd;
import com.joyoi.management.model.ActorDefinition;
import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.ActorStatus;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.usercode.ActorFailedException;
import com.joyoi.management.usercode.RunActorParam;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The actor runs that one execution's program asks for: each is recorded, run, and recorded again,
 * or answered from the record of an execution before. Thread-safe.
 */
final class ProgramRuns {
  /** Names that a message about an unknown actor is looked for among. */
  private static final int MOST_SUGGESTED = 10_000;

  private final EngineParts parts;
  private final InstanceExecution execution;
  private final FaultGuard guard;
  private final RunHistory history;
  private final WaitNote waitNote;
  private final Map<String, String> pinnedActors = new ConcurrentHashMap<>();

  ProgramRuns(
      EngineParts parts, InstanceExecution execution, FaultGuard guard, RunHistory history) {
    this.parts = parts;
    this.execution = execution;
    this.guard = guard;
    this.history = history;
    this.waitNote = new WaitNote(parts.instances(), execution.key());
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
          new Plan(param, at, TimeOrderedIds.next(), history.reserve(), history.claim(param)));
    }
    // Starts are recorded one after the other, so that records stand in the order of the call.
    var programs = guard.async(() -> plans.stream().map(this::start).toList());
    var futures = new ArrayList<CompletableFuture<ActorRun>>();
    for (int i = 0; i < plans.size(); i++) {
      var index = i;
      futures.add(
          programs.thenCompose(
              started -> guard.async(() -> run(plans.get(index), started.get(index)))));
    }
    return futures;
  }

  /** One run to be done, or answered from its record. */
  private record Plan(
      RunActorParam param,
      InstanceExecution.Position at,
      UUID runId,
      int place,
      Optional<ActorRun> recorded) {}

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
            execution.key(),
            new NewRun(
                plan.runId(), param.name(), at.entry(), at.stage(), param.inputs(), param.tag()));
    execution.wrote();
    return Optional.of(new Started(program, parts.clock().instant()));
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

  private ActorRun run(Plan plan, Optional<Started> started) {
    if (plan.recorded().isPresent()) {
      return plan.recorded().get();
    }
    var program = started.orElseThrow().program();
    var param = plan.param();
    var runId = plan.runId();
    try (var active = execution.activeRuns().begin()) {
      var where = new String[3];
      var result =
          parts
              .actorRunner()
              .run(
                  new ActorTask(
                      runId,
                      execution.id(),
                      param.name(),
                      program,
                      param.inputs(),
                      limitation(param),
                      execution.priority(),
                      Boolean.parseBoolean(execution.parameters().get(RequestRules.DEBUG)),
                      execution.reuse(),
                      new ActorTask.Placement() {
                        @Override
                        public void placed(String node, String containerId, String containerName) {
                          active.placed();
                          where[0] = node;
                          where[1] = containerId;
                          where[2] = containerName;
                          parts
                              .instances()
                              .placeRun(execution.key(), runId, node, containerId, containerName);
                          waitNote.clear();
                        }

                        @Override
                        public void waiting(String reason) {
                          waitNote.show(param.name(), reason);
                        }
                      }),
                  active.cancellation());
      var end =
          result instanceof ActorResult.Succeeded succeeded
              ? new RunEnd(true, succeeded.outputs(), List.of())
              : new RunEnd(
                  false,
                  List.of(),
                  List.of(ErrorText.ofRun(((ActorResult.Failed) result).reason())));
      InstanceExecution.stillStored(() -> parts.instances().endRun(execution.key(), runId, end));
      execution.wrote();
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
              where[1],
              where[2]);
      history.add(plan.place(), run);
      return run;
    } catch (CancellationException e) {
      execution.activeRuns().awaitCancelWhileDraining();
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
            .pinnedActor(execution.id(), actor)
            .orElseGet(
                () ->
                    parts
                        .instances()
                        .pinActor(
                            execution.key(),
                            actor,
                            parts
                                .actors()
                                .currentHash(actor)
                                .orElseThrow(() -> actorNotFound(actor))));
    pinnedActors.put(actor, hash);
    return hash;
  }

  private Limitation limitation(RunActorParam param) {
    var own = param.limitation();
    return own == null ? execution.limitation() : own.over(execution.limitation());
  }

  private JoyoiException actorNotFound(String name) {
    var known = parts.actors().listing(null, MOST_SUGGESTED).map(ActorDefinition::name).toList();
    return JoyoiException.notFound("actor not found: " + name + NearestName.question(name, known));
  }
}
