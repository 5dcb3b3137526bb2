package com.joyoi.management.actor;

import com.joyoi.management.catalog.ActorCatalog.ActorProgram;
import com.joyoi.management.model.ActorLanguage;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.SandboxOptions.Reuse;
import java.io.InputStream;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * One actor run to be done.
 *
 * @param actor its name, for messages
 * @param limitation effective: every field that has a default is set
 * @param priority lower is served first
 * @param keep keep the container for debugging
 * @param reuse which runs may share a sandbox with it, as far as its instance allows
 * @param placement told of each attempt
 * @param outputs takes what it brings back
 */
public record ActorTask(
    UUID runId,
    UUID instanceId,
    String actor,
    Program program,
    List<BlobReference> inputs,
    Limitation limitation,
    int priority,
    boolean keep,
    Reuse reuse,
    Placement placement,
    Outputs outputs) {
  public ActorTask {
    inputs = List.copyOf(inputs);
  }

  /**
   * What it runs. Its content is not held while it waits for a node, since many may wait.
   *
   * @param sizeBytes of its content
   * @param read called once for each attempt, on a thread that may block
   */
  public record Program(int sizeBytes, ActorLanguage language, Supplier<ActorProgram> read) {}

  /** Told where an attempt runs, before its container is started. What it throws ends the run. */
  @FunctionalInterface
  public interface Placement {
    void placed(String node, String containerId, String containerName);

    /**
     * Told while it waits for a node and none takes work; must not throw.
     *
     * @param reason what is wrong with each
     */
    default void waiting(String reason) {}

    /** Told when what {@link #waiting} said was over before it was said; must not throw. */
    default void waitsNoMore() {}

    /**
     * Told before a node is blamed for it, so that it may be cancelled when nobody wants it any
     * more; blocks, and must not throw.
     */
    default void checkWanted() {}

    /**
     * Told when nothing of it runs in its container any more.
     *
     * @return completed with whether the container may serve another run: somebody may take it for
     *     this one's still
     */
    default CompletableFuture<Boolean> left() {
      return CompletableFuture.completedFuture(true);
    }
  }

  /** Takes the outputs of an attempt; those of one that fails are forgotten. */
  @FunctionalInterface
  public interface Outputs {
    /**
     * Takes an output.
     *
     * @param content to be read to its end before this returns
     * @return what the result names it by
     */
    BlobReference store(String name, InputStream content);
  }
}
