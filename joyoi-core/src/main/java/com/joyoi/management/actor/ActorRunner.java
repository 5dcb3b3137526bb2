package com.joyoi.management.actor;

import com.github.benmanes.caffeine.cache.Interner;
import com.joyoi.management.blob.BlobStore;
import com.joyoi.management.concurrent.Cancellation;
import com.joyoi.management.concurrent.Timers;
import com.joyoi.management.container.Sandboxes;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.instance.InstanceRepository.RunPlace;
import com.joyoi.management.model.ActorLanguage;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.node.NodeLease;
import com.joyoi.management.node.NodePool;
import com.joyoi.management.node.SandboxShape;
import com.joyoi.management.node.SandboxWish;
import com.joyoi.management.runner.ContainerJob;
import com.joyoi.management.runner.ContainerJob.JobFile;
import com.joyoi.management.runner.ContainerRunner;
import com.joyoi.management.runner.RunOutcome;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one actor on whatever node is free, and on another one when that node fails it. Thread-safe.
 */
public final class ActorRunner {
  private static final Logger log = LoggerFactory.getLogger(ActorRunner.class);

  private final NodePool pool;
  private final ContainerRunner containers;
  private final BlobStore blobs;
  private final Timers timers;
  private final Executor threads;

  /** There are few, and many runs that wait for one. */
  private final Interner<SandboxShape> shapes = Interner.newWeakInterner();

  /**
   * @param threads do what blocks, one virtual thread each; they take work until all runs have
   *     ended
   */
  public ActorRunner(
      NodePool pool, ContainerRunner containers, BlobStore blobs, Timers timers, Executor threads) {
    this.pool = pool;
    this.containers = containers;
    this.blobs = blobs;
    this.timers = timers;
    this.threads = threads;
  }

  /**
   * Begins it on the calling thread, which must be one that may block: it goes on on that one when
   * there is a node for it at once. Else the run waits without a thread.
   *
   * @return completed on a thread that may block; fails with a {@link CancellationException} when
   *     cancelled (the container is removed), and with a {@link JoyoiException} when the service
   *     itself is at fault, for example the database
   */
  public CompletableFuture<ActorResult> run(ActorTask task, Cancellation cancellation) {
    try {
      var wish = wish(task, task.inputs().stream().map(this::input).toList());
      var search = new LeaseSearch(pool, task, wish, cancellation, timers, threads);
      return new Attempts(this, task, search, cancellation, timers, threads).next();
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Null for a container of its own: a kept one must still have its files. */
  private @Nullable SandboxWish wish(ActorTask task, List<JobFile> inputs) {
    if (task.keep()) {
      return null;
    }
    var limitation = task.limitation();
    long bytes = placesOf(task.program()) * (long) task.program().sizeBytes();
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
        shapes.intern(new SandboxShape(limitation, !fits)),
        task.reuse(),
        task.instanceId(),
        task.actor());
  }

  /** A script stands once more under a name that fits its language, as interpreters want it. */
  private static int placesOf(ActorTask.Program program) {
    return program.language() == ActorLanguage.JAVA ? 1 : 2;
  }

  /**
   * Runs it on a node; blocks. The lease is given back.
   *
   * @param suspect whether it may be the run's own doing that nodes fail it
   */
  ActorResult attempt(ActorTask task, NodeLease lease, boolean suspect, Cancellation cancellation) {
    List<BlobReference> outputs = new ArrayList<>();
    var outcome = containers.run(lease, job(task, lease, suspect, outputs), cancellation);
    return outcome instanceof RunOutcome.Failed failed
        ? new ActorResult.Failed(failed.reason())
        : new ActorResult.Succeeded(outputs);
  }

  private ContainerJob job(
      ActorTask task, NodeLease lease, boolean suspect, List<BlobReference> outputs) {
    try {
      var program = task.program().read().get();
      return new ContainerJob(
          task.runId(),
          task.instanceId(),
          task.inputs().stream().map(this::input).toList(),
          program.content(),
          program.language(),
          task.limitation(),
          task.keep(),
          suspect,
          new ContainerJob.Events() {
            @Override
            public void placed(String containerId, String containerName) {
              task.placement().placed(lease.node().name(), containerId, containerName);
            }

            @Override
            public void checkWanted() {
              task.placement().checkWanted();
            }

            @Override
            public CompletableFuture<Boolean> left() {
              return task.placement().left();
            }

            @Override
            public void output(String name, long sizeBytes, InputStream content) {
              outputs.add(task.outputs().store(name, content));
            }
          });
    } catch (RuntimeException | Error e) {
      // Nothing has run in it.
      lease.sandbox().ifPresentOrElse(lease::release, lease::release);
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
    return new JobFile(input.name(), info.size(), info.sha256(), () -> blobs.open(input.id()));
  }

  /** The images that runs may have now. */
  public Set<String> images() {
    return pool.connections().stream()
        .map(node -> node.options().image())
        .collect(Collectors.toSet());
  }

  /** The image of a node's containers; empty when there is no such node any more. */
  public Optional<String> image(String node) {
    return pool.connection(node).map(found -> found.options().image());
  }

  /**
   * Ends a run of an execution that is over, in the container of whatever service, where this one
   * has the node; tried once, since the service whose container it is removes it anyway. Does not
   * block.
   */
  public void end(RunPlace place) {
    pool.connection(place.node())
        .ifPresent(
            node ->
                threads.execute(
                    () -> {
                      try {
                        containers.end(node, place.containerId());
                      } catch (RuntimeException e) {
                        log.info(
                            "Container {} on node {} is left to its own service: {}",
                            place.containerName(),
                            place.node(),
                            e.getMessage());
                      }
                    }));
  }

  /** Ends what only an instance's runs may use, since it has ended. */
  public void ended(UUID instanceId) {
    pool.forget(instanceId);
  }
}
