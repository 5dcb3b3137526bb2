package com.joyoi.management.node;

import com.joyoi.management.model.SandboxOptions.Reuse;
import java.util.UUID;

/**
 * What a run wants to run in, on nodes that keep sandboxes.
 *
 * @param reuse the most that its instance allows; a node may allow less
 * @param work names what is run, so that the time of one foretells that of the next
 * @param suspect whether it may be the run's own doing when a sandbox for it can't be made
 */
public record SandboxWish(
    SandboxShape shape, Reuse reuse, UUID instanceId, String work, boolean suspect) {
  /** Of one that nodes have not failed again and again. */
  public SandboxWish(SandboxShape shape, Reuse reuse, UUID instanceId, String work) {
    this(shape, reuse, instanceId, work, false);
  }

  /** The same of a run that nodes have failed again and again. */
  public SandboxWish asSuspect() {
    return new SandboxWish(shape, reuse, instanceId, work, true);
  }
}
