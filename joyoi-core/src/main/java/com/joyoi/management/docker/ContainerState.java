package com.joyoi.management.docker;

/**
 * What inspection says of a container.
 *
 * @param exitCode of process 1; meaningless while it runs
 * @param oomKilled whether the kernel killed in it for memory
 */
public record ContainerState(String id, boolean running, long exitCode, boolean oomKilled) {
  /** 128 and the signal's number. */
  private static final int FIRST_SIGNAL_EXIT_CODE = 129;

  /** Whether process 1 was ended by a signal, as an engine that stops ends its containers. */
  public boolean endedBySignal() {
    return exitCode >= FIRST_SIGNAL_EXIT_CODE;
  }
}
