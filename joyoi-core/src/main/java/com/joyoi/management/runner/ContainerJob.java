package com.joyoi.management.runner;

import com.joyoi.management.model.ActorLanguage;
import com.joyoi.management.model.Limitation;
import java.io.InputStream;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * What is to be run in a container.
 *
 * @param runId the actor run's row
 * @param inputs put under the working directory by their names
 * @param program the actor's program: a jar, or a script's text in UTF-8
 * @param limitation effective: every field that has a default is set
 * @param keep stop the container and keep it for an hour, for debugging
 * @param suspect what fails it says nothing of the node: it has failed on nodes before
 */
public record ContainerJob(
    UUID runId,
    UUID instanceId,
    List<JobFile> inputs,
    byte[] program,
    ActorLanguage language,
    Limitation limitation,
    boolean keep,
    boolean suspect,
    Events events) {
  public ContainerJob {
    inputs = List.copyOf(inputs);
  }

  /**
   * One input.
   *
   * @param sizeBytes exact length of the content
   * @param sha256 of the content, 64 lower-case hex digits
   */
  public record JobFile(String name, long sizeBytes, String sha256, Content content) {}

  /** Opens a content; the caller closes it. May be called once for each attempt. */
  @FunctionalInterface
  public interface Content {
    InputStream open();
  }

  /** What the runner tells while it runs. */
  public interface Events {
    /**
     * The container has been created; called before it is started. What it throws ends the run, and
     * the container is removed.
     */
    void placed(String containerId, String containerName);

    /**
     * Asked before a node is blamed, so that a run that nobody wants any more may be cancelled;
     * blocks, and must not throw.
     */
    default void checkWanted() {}

    /**
     * Told when nothing of the run runs in its container any more.
     *
     * @return completed with whether the container may serve another run: somebody may take it for
     *     this one's still, and end it
     */
    default CompletableFuture<Boolean> left() {
      return CompletableFuture.completedFuture(true);
    }

    /**
     * Takes one output, already checked, to the end of the stream.
     *
     * @param content ends after {@code sizeBytes}; the runner closes it
     */
    void output(String name, long sizeBytes, InputStream content);
  }
}
