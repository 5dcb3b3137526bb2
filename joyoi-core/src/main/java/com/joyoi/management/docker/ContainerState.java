package com.joyoi.management.docker;

/**
 * What inspection says of a container.
 *
 * @param exitCode of process 1; meaningless while it runs
 * @param oomKilled whether the kernel killed in it for memory
 */
public record ContainerState(String id, boolean running, long exitCode, boolean oomKilled) {}
