package com.joyoi.management.usercode;

import com.joyoi.management.model.ActorRun;

/** An actor run failed by its own fault. It has been recorded and is not tried again. */
public final class ActorFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ActorRun run;

  public ActorFailedException(ActorRun run) {
    super(
        "actor "
            + run.name()
            + (run.tag() == null ? "" : " (tag " + run.tag() + ")")
            + " failed: "
            + String.join("; ", run.exceptions()));
    this.run = run;
  }

  public ActorRun run() {
    return run;
  }
}
