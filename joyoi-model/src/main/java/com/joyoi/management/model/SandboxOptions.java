package com.joyoi.management.model;

/**
 * How the sandboxes of a node are kept: containers that live on between runs. Every field is set.
 *
 * @param reuse which runs may follow one another in a sandbox
 * @param warm how many may wait ready for runs of one shape, 0 for none
 * @param idle how many containers a node may have beyond its {@code MaxRunningJobs}
 * @param idleSeconds how long one may wait for a run before it ends
 * @param tmpfsPercent of the run's memory that each writable folder may take
 * @param tmpfsInodes files and folders that each writable folder may have
 */
public record SandboxOptions(
    Reuse reuse, int warm, int idle, int idleSeconds, int tmpfsPercent, int tmpfsInodes) {

  /** What holds where the configuration says nothing. */
  public static final SandboxOptions DEFAULTS =
      new SandboxOptions(Reuse.INSTANCE, 2, 4, 60, 50, 16_384);

  /** Which runs may follow one another in a sandbox; the later ones allow more. */
  public enum Reuse {
    /** None: a container serves one run. */
    NEVER,
    /** Those of one instance. */
    INSTANCE,
    /** Those of any instance of the service. */
    ALWAYS;

    /** Whichever allows less. */
    public Reuse and(Reuse other) {
      return compareTo(other) <= 0 ? this : other;
    }
  }

  /** The same with another reuse. */
  public SandboxOptions withReuse(Reuse newReuse) {
    return new SandboxOptions(newReuse, warm, idle, idleSeconds, tmpfsPercent, tmpfsInodes);
  }

  /** The same with another number of warm ones. */
  public SandboxOptions withWarm(int newWarm) {
    return new SandboxOptions(reuse, newWarm, idle, idleSeconds, tmpfsPercent, tmpfsInodes);
  }
}
