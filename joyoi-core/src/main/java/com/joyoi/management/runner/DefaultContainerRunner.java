package com.joyoi.management.runner;

import com.joyoi.management.concurrent.Cancellation;
import com.joyoi.management.container.ContainerLedger;
import com.joyoi.management.container.ContainerReaper;
import com.joyoi.management.container.Labels;
import com.joyoi.management.container.LiveSandbox;
import com.joyoi.management.container.SessionIdentity;
import com.joyoi.management.docker.DockerException;
import com.joyoi.management.node.NodeConnection;
import com.joyoi.management.node.NodeLease;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs each job in the sandbox of its lease, or in a container that lives for it alone: then the
 * row comes before the container. The lease goes when nothing of the job can run any more.
 */
final class DefaultContainerRunner implements ContainerRunner {
  private static final Logger LOG = LoggerFactory.getLogger(DefaultContainerRunner.class);

  /** How long a container is kept for debugging after its run. */
  private static final Duration KEEP = Duration.ofHours(1);

  /** The end of a run is recorded in milliseconds, unless the database is away. */
  private static final Duration LEAVING = Duration.ofSeconds(5);

  private final SessionIdentity identity;
  private final ContainerLedger ledger;
  private final ContainerReaper reaper;
  private final InstantSource clock;
  private final Executor threads;

  DefaultContainerRunner(
      SessionIdentity identity,
      ContainerLedger ledger,
      ContainerReaper reaper,
      InstantSource clock,
      Executor threads) {
    this.identity = identity;
    this.ledger = ledger;
    this.reaper = reaper;
    this.clock = clock;
    this.threads = threads;
  }

  @Override
  public RunOutcome run(NodeLease lease, ContainerJob job, Cancellation cancellation) {
    var sandbox = lease.sandbox();
    return sandbox.isPresent()
        // The maker of all of them is Sandboxes.
        ? runIn((LiveSandbox) sandbox.get(), lease, job, cancellation)
        : runAlone(lease, job, cancellation);
  }

  @Override
  public void end(NodeConnection node, String containerId) {
    node.engine().list(Labels.ofInstallation(identity)).stream()
        .filter(container -> container.id().equals(containerId) && container.running())
        .filter(container -> !Labels.isOnDisk(container))
        .forEach(container -> node.engine().kill(container.id()));
  }

  private RunOutcome runIn(
      LiveSandbox live, NodeLease lease, ContainerJob job, Cancellation cancellation) {
    List<String> inputNames;
    StreamSandbox stream;
    try {
      cancellation.throwIfCancelled();
      inputNames = checkedNames(lease.node(), job);
      job.events().placed(live.id(), live.name());
      var options = lease.node().options().container();
      stream = new StreamSandbox(lease.node().engine(), live, options, job, inputNames);
    } catch (ProgramFaultException e) {
      giveBack(lease, live, true);
      return new RunOutcome.Failed(String.valueOf(e.getMessage()));
    } catch (RuntimeException | Error e) {
      giveBack(lease, live, true);
      throw e;
    }
    var ended = false;
    var silent = false;
    try {
      var outcome = new SingleRun(lease, job, cancellation).execute(stream, inputNames);
      ended = true;
      lease.reportServed();
      return outcome;
    } catch (ProgramFaultException e) {
      lease.reportServed();
      return new RunOutcome.Failed(String.valueOf(e.getMessage()));
    } catch (DockerException e) {
      silent = e.isTimedOut();
      if (!e.isNodeFault() && !cancellation.isCancelled()) {
        // The sandbox is what was asked for: what it refuses has no room anywhere.
        return new RunOutcome.Failed(String.valueOf(e.getMessage()));
      }
      throw failure(lease, job, e, cancellation);
    } finally {
      if (stream.isQuiet()) {
        giveBackLater(lease, live, job, ended && lease.isReusable() && stream.mayServeAgain());
      } else {
        lease.over(false);
        if (silent) {
          // Another call to it would only cost the run that goes elsewhere one more deadline.
          live.discardLater(lease::release);
        } else {
          live.discard(lease::release);
        }
      }
    }
  }

  /** Nothing runs in it any more; the outcome is recorded while it is reset. */
  private void giveBackLater(
      NodeLease lease, LiveSandbox live, ContainerJob job, boolean mayServeAgain) {
    lease.over(mayServeAgain);
    try {
      threads.execute(() -> resetAndGiveBack(lease, live, job, mayServeAgain));
    } catch (RejectedExecutionException e) {
      giveBack(lease, live, false);
      throw e;
    }
  }

  private static void resetAndGiveBack(
      NodeLease lease, LiveSandbox live, ContainerJob job, boolean mayServeAgain) {
    var clean = false;
    try {
      clean = mayServeAgain && live.reset() && hasLeft(job);
    } finally {
      giveBack(lease, live, clean);
    }
  }

  /** Whoever knows where the run was must not take the next one in that place for it. */
  private static boolean hasLeft(ContainerJob job) {
    try {
      return job.events().left().get(LEAVING.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Nothing runs in it any more. */
  private static void giveBack(NodeLease lease, LiveSandbox live, boolean clean) {
    if (clean && lease.isReusable()) {
      lease.release(live);
    } else {
      lease.release();
      live.discard();
    }
  }

  private RunOutcome runAlone(NodeLease lease, ContainerJob job, Cancellation cancellation) {
    // A name of this attempt alone: a create call of an earlier one may still take effect.
    var name = "joyoi-" + job.runId() + "-" + UUID.randomUUID().toString().substring(0, 8);
    List<String> inputNames;
    try {
      cancellation.throwIfCancelled();
      inputNames = checkedNames(lease.node(), job);
      ledger.record(entry(lease.node(), name, job));
    } catch (ProgramFaultException e) {
      lease.release();
      return new RunOutcome.Failed(String.valueOf(e.getMessage()));
    } catch (RuntimeException | Error e) {
      lease.release();
      throw e;
    }
    var keep = false;
    var silent = false;
    try {
      var run = new SingleRun(lease, job, cancellation);
      var outcome =
          run.execute(name, Labels.ofRun(identity, job.instanceId(), job.keep()), inputNames);
      keep = job.keep();
      lease.reportServed();
      return outcome;
    } catch (DockerException e) {
      silent = e.isTimedOut();
      throw failure(lease, job, e, cancellation);
    } finally {
      lease.over(false);
      if (silent) {
        // Another call to it would only cost the run that goes elsewhere one more deadline.
        reaper.disposeLater(lease.node(), name, lease::release);
      } else {
        end(lease, name, keep);
      }
    }
  }

  private static RuntimeException failure(
      NodeLease lease, ContainerJob job, DockerException e, Cancellation cancellation) {
    if (cancellation.isCancelled()) {
      return cancelled(cancellation, e);
    }
    if (!e.isNodeFault()) {
      return e;
    }
    job.events().checkWanted();
    if (cancellation.isCancelled()) {
      // Whoever asked for its end may have ended it, too.
      return cancelled(cancellation, e);
    }
    if (!job.suspect()) {
      lease.reportFault(withoutNode(lease, e), e.isTimedOut());
    }
    return new NodeFaultException(lease.node().name(), withoutNode(lease, e), e);
  }

  private static List<String> checkedNames(NodeConnection node, ContainerJob job) {
    var names = job.inputs().stream().map(ContainerJob.JobFile::name).toList();
    var checked = FileNames.checkInputs(names, node.options().container());
    if (!checked.messages().isEmpty()) {
      throw new ProgramFaultException("inputs: " + String.join("; ", checked.messages()));
    }
    return checked.names();
  }

  private ContainerLedger.Entry entry(NodeConnection node, String name, ContainerJob job) {
    var timeout =
        Duration.ofMillis(
            Objects.requireNonNull(job.limitation().executionTimeout(), "executionTimeout"));
    // Known at the start, and written once, so that no crash leaves a kept container without it.
    var keepUntil = job.keep() ? clock.instant().plus(timeout).plus(KEEP) : Instant.EPOCH;
    return ContainerLedger.Entry.of(name, node, identity.session(), keepUntil);
  }

  private static CancellationException cancelled(Cancellation cancellation, Exception cause) {
    var exception = new CancellationException(cancellation.reason());
    exception.initCause(cause);
    return exception;
  }

  /** The docker package's messages name the node already, for those who don't know it. */
  private static String withoutNode(NodeLease lease, DockerException e) {
    var prefix = "node " + lease.node().name() + ": ";
    var message = String.valueOf(e.getMessage());
    return message.startsWith(prefix) ? message.substring(prefix.length()) : message;
  }

  private void end(NodeLease lease, String name, boolean keep) {
    if (keep) {
      try {
        reaper.keep(lease.node(), name);
        lease.release();
        return;
      } catch (RuntimeException e) {
        LOG.warn("Keeping container {} failed, so it is removed: {}", name, e.getMessage());
      }
    }
    reaper.disposeInBackground(lease.node(), name, lease::release);
  }
}
