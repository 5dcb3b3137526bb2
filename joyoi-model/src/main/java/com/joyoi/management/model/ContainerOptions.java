package com.joyoi.management.model;

import org.jspecify.annotations.Nullable;

/**
 * How containers of a node are used ({@code Container} in the configuration). Every field is set,
 * but for the device.
 *
 * @param devicePath block device that the blkio limits apply to, null for none
 * @param maxRunningJobs actor runs on the node at once
 * @param workDir working directory in the container, ends with {@code /}
 * @param actorExecutablePath where the program is put, absolute or relative to {@code workDir}
 * @param actorExecuteCommand run by bash in {@code workDir}
 * @param actorExecuteLogPath the run's log, absolute or relative to {@code workDir}
 * @param resultPath the run's result, absolute or relative to {@code workDir}
 * @param transport how files are moved
 * @param sandboxes how containers live on between runs, where the transport is {@code STREAM}
 */
public record ContainerOptions(
    @Nullable String devicePath,
    int maxRunningJobs,
    String workDir,
    String actorExecutablePath,
    String actorExecuteCommand,
    String actorExecuteLogPath,
    String resultPath,
    Transport transport,
    SandboxOptions sandboxes) {

  /** What holds where the configuration says nothing. */
  public static final ContainerOptions DEFAULTS =
      new ContainerOptions(
          null,
          8,
          "/workdir/",
          "actor/actor.jar",
          "sh run-actor.sh &> run-actor.log",
          "run-actor.log",
          "return.json",
          Transport.STREAM,
          SandboxOptions.DEFAULTS);

  /** How files get into a container and out of it. */
  public enum Transport {
    /** The engine's archive calls: any image. */
    ARCHIVE,
    /**
     * The protocol of a sandbox, over one attached connection; {@link #ARCHIVE} where the image
     * can't.
     */
    STREAM
  }

  /** A path as absolute: one that is not counts from the working directory. */
  public String absolute(String path) {
    return path.startsWith("/") ? path : workDir + path;
  }

  /** A path's name in the working directory, null when it lies elsewhere. */
  public @Nullable String inWorkDir(String path) {
    var absolute = absolute(path);
    return absolute.startsWith(workDir) ? absolute.substring(workDir.length()) : null;
  }

  /** The same with another number of jobs at once. */
  public ContainerOptions withMaxRunningJobs(int jobs) {
    return new ContainerOptions(
        devicePath,
        jobs,
        workDir,
        actorExecutablePath,
        actorExecuteCommand,
        actorExecuteLogPath,
        resultPath,
        transport,
        sandboxes);
  }

  /** The same with another way to move files. */
  public ContainerOptions withTransport(Transport newTransport) {
    return new ContainerOptions(
        devicePath,
        maxRunningJobs,
        workDir,
        actorExecutablePath,
        actorExecuteCommand,
        actorExecuteLogPath,
        resultPath,
        newTransport,
        sandboxes);
  }

  /** The same with sandboxes kept in another way. */
  public ContainerOptions withSandboxes(SandboxOptions newSandboxes) {
    return new ContainerOptions(
        devicePath,
        maxRunningJobs,
        workDir,
        actorExecutablePath,
        actorExecuteCommand,
        actorExecuteLogPath,
        resultPath,
        transport,
        newSandboxes);
  }

  /**
   * Whether runs can be moved over one connection: a sandbox has nothing but its working directory.
   */
  public boolean isStream() {
    return transport == Transport.STREAM
        && inWorkDir(actorExecutablePath) != null
        && inWorkDir(actorExecuteLogPath) != null
        && inWorkDir(resultPath) != null;
  }
}
