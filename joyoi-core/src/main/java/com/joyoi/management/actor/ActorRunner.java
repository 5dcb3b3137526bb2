package com.joyoi.management.actor;

import com.joyoi.management.blob.BlobStore;
import com.joyoi.management.concurrent.Cancellation;
import com.joyoi.management.container.Sandboxes;
import com.joyoi.management.docker.DockerException;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.node.NodeLease;
import com.joyoi.management.node.NodePool;
import com.joyoi.management.node.SandboxShape;
import com.joyoi.management.node.SandboxWish;
import com.joyoi.management.runner.ContainerJob;
import com.joyoi.management.runner.ContainerJob.JobFile;
import com.joyoi.management.runner.ContainerRunner;
import com.joyoi.management.runner.NodeFaultException;
import com.joyoi.management.runner.RunOutcome;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one actor on whatever node is free, and on another one when that node fails it. Thread-safe.
 */
public final class ActorRunner {
  private static final Logger log = LoggerFactory.getLogger(ActorRunner.class);

  /**
   * A node that failed is not used before it has answered again, so attempts are only spent on
   * nodes that answer but do not work. With the pauses below, eight of them take two minutes.
   */
  private static final int MAX_ATTEMPTS = 8;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final NodePool pool;
  private final ContainerRunner containers;
  private final BlobStore blobs;

  public ActorRunner(NodePool pool, ContainerRunner containers, BlobStore blobs) {
    this.pool = pool;
    this.containers = containers;
    this.blobs = blobs;
  }

  /**
   * Blocks until the run has ended; call it on a virtual thread.
   *
   * @throws CancellationException when cancelled; the container is removed
   * @throws JoyoiException when the service itself is at fault, for example the database
   */
  public ActorResult run(ActorTask task, Cancellation cancellation) {
    var pause = FIRST_PAUSE;
    var inputs = task.inputs().stream().map(this::input).toList();
    var search = new LeaseSearch(pool, task, wish(task, inputs), cancellation);
    for (int attempt = 1; ; attempt++) {
      try {
        return attempt(task, inputs, search.next(), cancellation);
      } catch (DockerException e) {
        return new ActorResult.Failed(String.valueOf(e.getMessage()));
      } catch (NodeFaultException e) {
        log.warn(
            "Instance {}: actor {} (run {}), attempt {} of {}: {}",
            task.instanceId(),
            task.actor(),
            task.runId(),
            attempt,
            MAX_ATTEMPTS,
            e.getMessage());
        if (attempt == MAX_ATTEMPTS) {
          return new ActorResult.Failed(
              "no node could run it in " + MAX_ATTEMPTS + " attempts; the last: " + e.getMessage());
        }
        search.failedOn(e.node());
      }
      sleep(pause, cancellation);
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
              ? pause.multipliedBy(2)
              : LONGEST_PAUSE;
    }
  }

  /** Null for a container of its own: a kept one must still have its files. */
  private @Nullable SandboxWish wish(ActorTask task, List<JobFile> inputs) {
    if (task.keep()) {
      return null;
    }
    var limitation = task.limitation();
    long bytes = task.program().content().length;
    bytes += Objects.requireNonNull(limitation.outputBytes(), "outputBytes");
    for (var input : inputs) {
      bytes += input.sizeBytes();
    }
    var needed = bytes;
    var memory = Objects.requireNonNull(limitation.memory(), "memory");
    var fits =
        pool.connections().stream()
            .allMatch(node -> needed <= Sandboxes.folderBytes(node.options().container(), memory));
    return new SandboxWish(
        new SandboxShape(limitation, !fits), task.reuse(), task.instanceId(), task.actor());
  }

  private ActorResult attempt(
      ActorTask task, List<JobFile> inputs, NodeLease lease, Cancellation cancellation) {
    List<BlobReference> outputs = new ArrayList<>();
    var job =
        new ContainerJob(
            task.runId(),
            task.instanceId(),
            inputs,
            task.program().content(),
            task.program().language(),
            task.limitation(),
            task.keep(),
            new ContainerJob.Events() {
              @Override
              public void placed(String containerId, String containerName) {
                task.placement().placed(lease.node().name(), containerId, containerName);
              }

              @Override
              public void output(String name, long sizeBytes, InputStream content) {
                outputs.add(task.outputs().store(name, content));
              }
            });
    var outcome = containers.run(lease, job, cancellation);
    return outcome instanceof RunOutcome.Failed failed
        ? new ActorResult.Failed(failed.reason())
        : new ActorResult.Succeeded(outputs);
  }

  private JobFile input(BlobReference input) {
    var info =
        blobs
            .find(input.id())
            .orElseThrow(
                () ->
                    JoyoiException.invalid(
                        "input '" + input.name() + "': blob " + input.id() + " does not exist"));
    return new JobFile(input.name(), info.size(), info.sha256(), () -> blobs.open(input.id()));
  }

  private static void sleep(Duration pause, Cancellation cancellation) {
    var cancelled = new CompletableFuture<Void>();
    try (var ignored = cancellation.onCancel(() -> cancelled.complete(null))) {
      cancelled.get(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return;
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("nobody interrupts or fails this", e);
    }
    cancellation.throwIfCancelled();
  }

  /** Ends what only an instance's runs may use, since it has ended. */
  public void ended(UUID instanceId) {
    pool.forget(instanceId);
  }
}
