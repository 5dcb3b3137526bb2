package com.joyoi.management.runner;

import com.joyoi.management.concurrent.Cancellation;
import com.joyoi.management.docker.ContainerSpec;
import com.joyoi.management.docker.ContainerState;
import com.joyoi.management.docker.DockerException;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.node.NodeConnection;
import com.joyoi.management.node.NodeLease;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** The steps of one run, from create to the last output; removing is not among them. */
final class SingleRun {
  private static final String NO_LOG = "(the log could not be fetched)";

  private final NodeConnection node;
  private final ContainerOptions options;
  private final ContainerJob job;
  private final Limitation limitation;
  private final NodeLease lease;
  private final Cancellation cancellation;

  SingleRun(NodeLease lease, ContainerJob job, Cancellation cancellation) {
    this.lease = lease;
    this.node = lease.node();
    this.options = node.options().container();
    this.job = job;
    this.limitation = job.limitation();
    this.cancellation = cancellation;
  }

  /**
   * Runs it in a container of its own.
   *
   * @param inputNames of the job's inputs in their order, checked and normalised
   * @throws DockerException when the node failed, or refuses a limit
   * @throws NodeFaultException when the slot is not held any more; the node is not to blame
   * @throws CancellationException when cancelled
   */
  RunOutcome execute(String name, Map<String, String> labels, List<String> inputNames) {
    var container = node.engine().create(spec(name, labels));
    cancellation.throwIfCancelled();
    job.events().placed(container, name);
    try {
      return execute(new ArchiveSandbox(node.engine(), container, options.workDir()), inputNames);
    } catch (ProgramFaultException e) {
      return new RunOutcome.Failed(String.valueOf(e.getMessage()));
    }
  }

  /** The same in a sandbox that is ready to take files. */
  RunOutcome execute(Sandbox sandbox, List<String> inputNames) {
    putFiles(sandbox, inputNames);
    cancellation.throwIfCancelled();
    if (!lease.isHeld()) {
      throw new NodeFaultException(
          node.name(), "its slot was no longer held, so the program was not started", null);
    }
    explained(sandbox::start);
    lease.reportStarted();
    var timeout = timeout();
    var end = unlessCancelled(() -> sandbox.awaitEnd(timeout));
    cancellation.throwIfCancelled();
    return end.isPresent() ? judge(sandbox, end.get()) : timedOut(sandbox, timeout.toMillis());
  }

  private Duration timeout() {
    return Duration.ofMillis(
        Objects.requireNonNull(limitation.executionTimeout(), "executionTimeout"));
  }

  private ContainerSpec spec(String name, Map<String, String> labels) {
    return new ContainerSpec(
        name,
        node.options().image(),
        // Not sh: the usual command has '&>', which plain sh reads as "in the background".
        List.of("bash", "-c", options.actorExecuteCommand()),
        false,
        options.workDir(),
        RunActorScript.variables(job, options),
        labels,
        limitation,
        options.devicePath(),
        null);
  }

  private void putFiles(Sandbox sandbox, List<String> inputNames) {
    var files = JobTar.of(job, inputNames, options, sandbox.layout());
    try (var tar = new WatchedStream(files.open(), cancellation)) {
      try {
        sandbox.put(tar, files.sizeBytes());
      } catch (DockerException e) {
        // A content that can't be read ends the call, too, and that is not the node's fault.
        throw tar.failure() == null ? e : contentFault(tar.failure(), e);
      }
    } catch (IOException e) {
      throw contentFault(e, e);
    }
  }

  private static RuntimeException contentFault(Exception failure, Exception seen) {
    if (failure instanceof CancellationException || failure instanceof JoyoiException) {
      return (RuntimeException) failure;
    }
    return new JoyoiException(
        JoyoiException.Kind.INTERNAL, "an input can't be read: " + failure.getMessage(), seen);
  }

  /** A start that fails is often the configuration's doing. */
  private void explained(Runnable step) {
    try {
      step.run();
    } catch (DockerException e) {
      if (e.isTimedOut()) {
        throw e;
      }
      var message =
          e.getMessage()
              + " (image '"
              + node.options().image()
              + "', ActorExecuteCommand '"
              + options.actorExecuteCommand()
              + "' run by bash)";
      throw e.isNodeFault()
          ? DockerException.nodeFault(message, e)
          : DockerException.refused(message, e);
    }
  }

  /** The call goes on after a cancellation, until removing the container ends it. */
  private <T> T unlessCancelled(Supplier<T> call) {
    var result = new CompletableFuture<T>();
    Thread.ofVirtual()
        .name("joyoi-run-" + job.runId())
        .start(
            () -> {
              try {
                result.complete(call.get());
              } catch (RuntimeException e) {
                result.completeExceptionally(e);
              }
            });
    try (var registration =
        cancellation.onCancel(
            () -> result.completeExceptionally(new CancellationException(cancellation.reason())))) {
      return result.join();
    } catch (CancellationException e) {
      // Newer JDKs wrap it in one that says "join".
      throw e.getCause() instanceof CancellationException cause ? cause : e;
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private RunOutcome timedOut(Sandbox sandbox, long timeoutMillis) {
    var reason = "execution timeout of " + timeoutMillis + " ms exceeded";
    // While it runs, its log grows.
    Optional<ContainerState> end =
        orElse(() -> Optional.of(unlessCancelled(sandbox::kill)), Optional.empty());
    return end.isPresent()
        ? failed(reason, sandbox, end.get())
        : new RunOutcome.Failed(reason + "\n" + NO_LOG);
  }

  private RunOutcome judge(Sandbox sandbox, ContainerState end) {
    if (end.exitCode() != 0) {
      sandbox.confirm();
      return failed("the actor ended with exit code " + end.exitCode(), sandbox, end);
    }
    try {
      results(sandbox).deliver(job.events());
      return new RunOutcome.Succeeded();
    } catch (ProgramFaultException e) {
      return failed(String.valueOf(e.getMessage()), sandbox, end);
    }
  }

  private Results results(Sandbox sandbox) {
    return new Results(sandbox, options, limitation, cancellation);
  }

  private RunOutcome failed(String reason, Sandbox sandbox, ContainerState end) {
    // What is known of the program stands, even if the node goes away while the log is fetched.
    var log = orElse(results(sandbox)::log, NO_LOG);
    var outOfMemory = end.oomKilled() || orElse(() -> sandbox.look().oomKilled(), false);
    var text = new StringBuilder();
    if (outOfMemory) {
      text.append("out of memory (Limitation.Memory is ")
          .append(limitation.memory())
          .append(" bytes): ");
    }
    text.append(reason);
    if (!log.isEmpty()) {
      text.append('\n').append(log);
    }
    return new RunOutcome.Failed(text.toString());
  }

  private static <T> T orElse(Supplier<T> call, T otherwise) {
    try {
      return call.get();
    } catch (DockerException e) {
      return otherwise;
    }
  }
}
