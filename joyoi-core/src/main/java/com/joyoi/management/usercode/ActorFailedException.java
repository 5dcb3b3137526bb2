package com.joyoi.management.usercode;

import com.joyoi.management.model.ActorRun;
import java.util.List;

/** An actor run failed by its own fault. It has been recorded and is not tried again. */
public final class ActorFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ActorRun run;
  private final transient List<ActorRun> runs;

  public ActorFailedException(ActorRun run) {
    this(run, List.of(run));
  }

  /**
   * @param run the first that failed
   * @param runs all that were asked for with it, in that order
   */
  public ActorFailedException(ActorRun run, List<ActorRun> runs) {
    super(
        "actor "
            + run.name()
            + (run.tag() == null ? "" : " (tag " + run.tag() + ")")
            + " failed: "
            + String.join("; ", run.exceptions()));
    this.run = run;
    this.runs = List.copyOf(runs);
  }

  public ActorRun run() {
    return run;
  }

  /** All runs that were asked for with it, in that order, whatever became of them. */
  public List<ActorRun> runs() {
    return runs;
  }
}
