package com.joyoi.management.runner;

/** How a program ended that a node ran to its end. */
public sealed interface RunOutcome {
  /** Exit code 0, and every output was taken. */
  record Succeeded() implements RunOutcome {}

  /**
   * The program's own fault: it is not tried again.
   *
   * @param reason what failed, with the end of the log where that helps
   */
  record Failed(String reason) implements RunOutcome {}
}
