package com.joyoi.management.runner;

import com.joyoi.management.concurrent.Cancellation;
import com.joyoi.management.docker.DockerException;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.runner.Sandbox.SandboxFile;
import java.io.IOException;
import java.util.Objects;

/** Takes what a run left behind. Everything there is hostile: names, types, sizes, text. */
final class Results {
  /** A log beyond this is not read to its end: the transfer would take the node's time. */
  private static final long MAX_LOG_READ_BYTES = 256L << 20;

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

  private SandboxFile open(String name, String what) {
    return sandbox
        .open(FileNames.normalise(name))
        .orElseThrow(
            () ->
                new ProgramFaultException(
                    "the actor left no " + what + " '" + CleanText.oneLine(name) + "'"));
  }

  /** The end of the log, empty when there is none; a log that can't be had is no second fault. */
  String logTail() {
    var maxBytes =
        Math.min(Objects.requireNonNull(limitation.logBytes(), "logBytes"), MAX_LOG_KEPT_BYTES);
    try {
      var found = sandbox.open(FileNames.normalise(options.actorExecuteLogPath()));
      if (found.isEmpty()) {
        return "";
      }
      try (var file = found.get()) {
        return file.sizeBytes() > MAX_LOG_READ_BYTES
            ? "(the log has " + file.sizeBytes() + " bytes, too many to be read)"
            : LogTail.read(new WatchedStream(file.content(), cancellation), (int) maxBytes);
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
