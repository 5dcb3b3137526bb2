package com.joyoi.management.confinement;

import java.util.List;
import java.util.Map;

/** The same for every container; none of it is a choice of whoever runs something. */
public final class Confinement {
  /**
   * What process 1 needs: to start a program as another user, to end that user's processes, and to
   * read and delete that user's private folders. The program itself has none of them.
   */
  public static final List<String> CAPABILITIES =
      List.of("SETUID", "SETGID", "KILL", "DAC_OVERRIDE", "FOWNER", "CHOWN");

  /**
   * Settings of the kernel, for the container alone. System V's objects belong to no process, and
   * stay when the program has ended: a segment of shared memory goes with its last user, and of
   * everything there are as many as programs of a judge or a compiler can need.
   */
  public static final Map<String, String> SYSCTLS =
      Map.of(
          "kernel.shm_rmid_forced", "1",
          "kernel.shmmni", "64",
          "kernel.msgmni", "16",
          "kernel.msgmnb", "16384",
          "kernel.sem", "32 512 32 16",
          "fs.mqueue.queues_max", "16");

  /**
   * Limits of each process, soft and hard alike, where the configuration has none of that name.
   *
   * <ul>
   *   <li>{@code core}: 1 byte. With 0 the kernel still starts the program of a piped {@code
   *       core_pattern} on the node, outside of all limits; 1 is its word for "not even then".
   *   <li>{@code nofile}: what a JVM or a linker can need, and not the million of the engine, which
   *       some programs close one by one before they start another.
   * </ul>
   */
  public static final Map<String, Long> ULIMITS = Map.of("core", 1L, "nofile", 4096L);

  private Confinement() {}
}
