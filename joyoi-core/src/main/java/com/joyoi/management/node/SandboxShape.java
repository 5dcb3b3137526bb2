package com.joyoi.management.node;

import com.joyoi.management.model.Limitation;

/**
 * What makes one container of a node as good as another for a run.
 *
 * @param limitation what the engine holds the container to
 * @param onDisk whether the working directory is on the node's disk, for files that memory can't
 *     hold
 */
public record SandboxShape(Limitation limitation, boolean onDisk) {
  /** Leaves out the limits that are told with each run. */
  public SandboxShape {
    limitation =
        limitation.toBuilder()
            .executionTimeout(null)
            .outputBytes(null)
            .outputFiles(null)
            .logBytes(null)
            .instanceTimeout(null)
            .instanceLifetime(null)
            .build();
  }

  /** Whether what a run leaves can be taken away: a disk and a network remember too much. */
  boolean isReusable() {
    return !onDisk && !Boolean.TRUE.equals(limitation.enableNetwork());
  }
}
