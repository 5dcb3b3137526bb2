package com.joyoi.management.usercode;

import com.joyoi.management.model.ActorRun;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** The ended actor runs of an instance, in the order of their start. Unchangeable. */
public final class StartedActors implements Iterable<ActorRun> {
  private final List<ActorRun> runs;

  public StartedActors(List<ActorRun> runs) {
    this.runs = List.copyOf(runs);
  }

  public List<ActorRun> all() {
    return runs;
  }

  public Stream<ActorRun> stream() {
    return runs.stream();
  }

  @Override
  public Iterator<ActorRun> iterator() {
    return runs.iterator();
  }

  /** Runs that were started in a stage. */
  public StartedActors inStage(String stage) {
    return new StartedActors(runs.stream().filter(run -> run.stage().equals(stage)).toList());
  }

  /** Runs of one actor. */
  public StartedActors ofActor(String actor) {
    return new StartedActors(runs.stream().filter(run -> run.name().equals(actor)).toList());
  }

  /** Runs with a tag. */
  public StartedActors withTag(String tag) {
    return new StartedActors(runs.stream().filter(run -> tag.equals(run.tag())).toList());
  }

  /**
   * The only run of an actor in a stage.
   *
   * @throws IllegalStateException when there is none, or more than one
   */
  public ActorRun findSingle(String stage, String actor) {
    var found = inStage(stage).ofActor(actor).all();
    if (found.size() != 1) {
      throw new IllegalStateException(
          "expected one run of actor '"
              + actor
              + "' in stage '"
              + stage
              + "', found "
              + found.size());
    }
    return found.getFirst();
  }
}
