package com.joyoi.management.runner;

import com.joyoi.management.concurrent.Cancellation;
import com.joyoi.management.docker.DockerException;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.runner.Sandbox.SandboxFile;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes what a run left behind. Everything there is hostile: names, types, sizes, text. */
final class Results {
  private static final Logger LOG = LoggerFactory.getLogger(Results.class);

  /**
   * A log beyond this is not read to its end: an archive has no other way there than through all of
   * it, and a sparse file of a terabyte costs a program nothing.
   */
  private static final long MAX_LOG_READ_BYTES = 512L << 20;

  /** The run's slot is held meanwhile; so much is read from a node in a network of 1 Gbit/s. */
  private static final Duration LOG_DEADLINE = Duration.ofSeconds(30);

  /** A reason is one field of a row, whatever the configuration allows for logs. */
  private static final long MAX_LOG_KEPT_BYTES = 16L << 20;

  private final Sandbox sandbox;
  private final ContainerOptions options;
  private final Limitation limitation;
  private final Cancellation cancellation;

  Results(
      Sandbox sandbox, ContainerOptions options, Limitation limitation, Cancellation cancellation) {
    this.sandbox = sandbox;
    this.options = options;
    this.limitation = limitation;
    this.cancellation = cancellation;
  }

  /**
   * Hands every output over.
   *
   * @throws ProgramFaultException when the result, or an output, is not as it must be
   */
  void deliver(ContainerJob.Events events) {
    var names =
        ReturnFile.outputs(
            options.resultPath(),
            readResult(),
            Objects.requireNonNull(limitation.outputFiles(), "outputFiles"));
    var left = Objects.requireNonNull(limitation.outputBytes(), "outputBytes").longValue();
    for (var name : names) {
      cancellation.throwIfCancelled();
      try (var file = open(name, "output")) {
        if (file.sizeBytes() > left) {
          throw new ProgramFaultException(
              "output '"
                  + CleanText.oneLine(name)
                  + "' has "
                  + file.sizeBytes()
                  + " bytes; Limitation.OutputBytes allows "
                  + limitation.outputBytes()
                  + " for all outputs together, "
                  + left
                  + " of which are left");
        }
        left -= file.sizeBytes();
        deliver(events, file);
      } catch (IOException e) {
        throw broken(name, e);
      }
    }
  }

  private void deliver(ContainerJob.Events events, SandboxFile file) {
    var content =
        new WatchedStream(
            new ExactStream(file.content(), file.sizeBytes(), file.name()), cancellation);
    try {
      events.output(file.name(), file.sizeBytes(), content);
    } catch (RuntimeException e) {
      // The taker wraps what reading threw in words of its own.
      var cause = content.failure();
      if (cause instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      if (cause != null) {
        throw broken(file.name(), cause);
      }
      throw e;
    }
  }

  private byte[] readResult() {
    var path = options.resultPath();
    try (var file = open(path, "result")) {
      if (file.sizeBytes() > ReturnFile.MAX_BYTES) {
        throw new ProgramFaultException(
            path + " has " + file.sizeBytes() + " bytes; at most " + ReturnFile.MAX_BYTES);
      }
      return file.content().readNBytes(ReturnFile.MAX_BYTES);
    } catch (IOException e) {
      throw broken(path, e);
    }
  }

  /** What is not there, or not as it must be, is looked at twice: see {@link Sandbox#confirm}. */
  private SandboxFile open(String name, String what) {
    var path = FileNames.normalise(name);
    try {
      var found = sandbox.open(path);
      if (found.isPresent()) {
        return found.get();
      }
    } catch (ProgramFaultException e) {
      LOG.debug("{}; is it the node's doing?", e.getMessage());
    }
    sandbox.confirm();
    return sandbox
        .open(path)
        .orElseThrow(
            () ->
                new ProgramFaultException(
                    "the actor left no " + what + " '" + CleanText.oneLine(name) + "'"));
  }

  /**
   * The end of the log, or the beginning of one that is too long to be read to its end; empty when
   * there is none. A log that can't be had is no second fault.
   */
  String log() {
    var keptBytes =
        (int)
            Math.min(Objects.requireNonNull(limitation.logBytes(), "logBytes"), MAX_LOG_KEPT_BYTES);
    try {
      var found = sandbox.open(FileNames.normalise(options.actorExecuteLogPath()));
      if (found.isEmpty()) {
        return "";
      }
      try (var file = found.get()) {
        var content = new WatchedStream(file.content(), cancellation);
        return file.sizeBytes() > MAX_LOG_READ_BYTES
            ? "(the log has "
                + file.sizeBytes()
                + " bytes, too many to be read to its end; its beginning:)\n"
                + LogText.head(content, keptBytes)
            : LogText.tail(content, keptBytes, LOG_DEADLINE);
      }
    } catch (ProgramFaultException e) {
      return "(" + e.getMessage() + ")";
    } catch (IOException e) {
      throw broken(options.actorExecuteLogPath(), e);
    }
  }

  private static DockerException broken(String name, Exception e) {
    return DockerException.nodeFault(
        "the transfer of " + CleanText.oneLine(name) + " broke: " + e.getMessage(), e);
  }
}
