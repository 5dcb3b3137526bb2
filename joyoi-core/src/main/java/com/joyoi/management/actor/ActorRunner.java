package com.joyoi.management.actor;

import com.joyoi.management.blob.BlobStore;
import com.joyoi.management.concurrent.Cancellation;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.node.NodeLease;
import com.joyoi.management.node.NodePool;
import com.joyoi.management.node.NodePool.LeaseRequest;
import com.joyoi.management.runner.ContainerJob;
import com.joyoi.management.runner.ContainerJob.JobFile;
import com.joyoi.management.runner.ContainerRunner;
import com.joyoi.management.runner.NodeFaultException;
import com.joyoi.management.runner.RunOutcome;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

  /**
   * How long a run waits for a node that has not failed it. Past this those that did are as good:
   * the others may be down for days.
   */
  private static final Duration PATIENCE_FOR_OTHERS = Duration.ofSeconds(10);

  /** A node that is down for less has only been started again. */
  private static final Duration FIRST_LOOK = Duration.ofSeconds(3);

  /** Seldom enough for tens of thousands that wait. */
  private static final Duration NEXT_LOOK = Duration.ofSeconds(60);

  private static final Duration WITHOUT_END = Duration.ofDays(365);

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
    var failedNodes = new LinkedHashSet<String>();
    for (int attempt = 1; ; attempt++) {
      try {
        return attempt(task, failedNodes, cancellation);
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
        failedNodes.add(e.node());
      }
      sleep(pause, cancellation);
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
              ? pause.multipliedBy(2)
              : LONGEST_PAUSE;
    }
  }

  private ActorResult attempt(ActorTask task, Set<String> avoid, Cancellation cancellation) {
    var lease = acquire(task, avoid, cancellation);
    List<BlobReference> outputs = new ArrayList<>();
    var job =
        new ContainerJob(
            task.runId(),
            task.instanceId(),
            inputs(task, lease),
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

  private NodeLease acquire(ActorTask task, Set<String> avoid, Cancellation cancellation) {
    if (!avoid.isEmpty()
        && pool.connections().stream().anyMatch(node -> !avoid.contains(node.name()))) {
      var elsewhere = acquire(task, avoid, PATIENCE_FOR_OTHERS, cancellation);
      if (elsewhere.isPresent()) {
        return elsewhere.get();
      }
    }
    return acquire(task, Set.of(), WITHOUT_END, cancellation).orElseThrow();
  }

  /** Empty when the patience has ended first; the wish is withdrawn then. */
  private Optional<NodeLease> acquire(
      ActorTask task, Set<String> avoid, Duration patience, Cancellation cancellation) {
    cancellation.throwIfCancelled();
    var future =
        pool.acquire(
            new LeaseRequest(
                task.priority(),
                "instance " + task.instanceId() + ", actor " + task.actor(),
                avoid));
    try (var ignored = cancellation.onCancel(() -> future.cancel(true))) {
      return Optional.of(await(future, task, patience));
    } catch (TimeoutException e) {
      // A grant that comes at this very moment counts.
      return future.cancel(true) ? Optional.empty() : Optional.of(future.join());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof JoyoiException cause) {
        throw cause;
      }
      throw new CompletionException(e.getCause());
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this", e);
    }
  }

  /** Tells from time to time why it waits, where it waits for more than a slot. */
  private NodeLease await(CompletableFuture<NodeLease> future, ActorTask task, Duration patience)
      throws TimeoutException, ExecutionException, InterruptedException {
    var left = patience;
    for (var look = FIRST_LOOK; look.compareTo(left) < 0; look = NEXT_LOOK) {
      try {
        return future.get(look.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        pool.outage().ifPresent(task.placement()::waiting);
        left = left.minus(look);
      }
    }
    return future.get(left.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Looks the sizes up; a failure here must not keep the slot. */
  private List<JobFile> inputs(ActorTask task, NodeLease lease) {
    try {
      return task.inputs().stream().map(this::input).toList();
    } catch (RuntimeException e) {
      lease.release();
      throw e;
    }
  }

  private JobFile input(BlobReference input) {
    var info =
        blobs
            .find(input.id())
            .orElseThrow(
                () ->
                    JoyoiException.invalid(
                        "input '" + input.name() + "': blob " + input.id() + " does not exist"));
    return new JobFile(input.name(), info.size(), () -> blobs.open(input.id()));
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
}
