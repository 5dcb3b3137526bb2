package com.joyoi.management.runner;

import com.joyoi.management.container.LiveSandbox;
import com.joyoi.management.docker.ContainerState;
import com.joyoi.management.docker.DockerEngine;
import com.joyoi.management.docker.DockerException;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.runner.ContainerJob.JobFile;
import com.joyoi.management.sandbox.FetchResult;
import com.joyoi.management.sandbox.RunReport;
import com.joyoi.management.sandbox.SandboxBrokenException;
import com.joyoi.management.sandbox.SandboxErrorException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One run in a container whose process 1 obeys the protocol of a sandbox. When the conversation
 * breaks, a look at the container tells whose fault that is.
 */
final class StreamSandbox implements Sandbox {
  /**
   * What the sandbox has to kill a command at its deadline and to say so; past it something is
   * wrong with the node.
   */
  private static final Duration GRACE = Duration.ofSeconds(20);

  /** A wait is cut into parts, with a look between, so that a node that died is noticed. */
  private static final Duration WAIT_PART = Duration.ofSeconds(10);

  /** How long after its connection a container that died may end. */
  private static final Duration SETTLING = Duration.ofSeconds(5);

  /** Of a sandbox that has said why it gives up. */
  private static final int FATAL_EXIT_CODE = 1;

  /** How it says that while a command runs; see the protocol. */
  private static final String INPUT_ENDED = "the input ended";

  private final DockerEngine engine;
  private final LiveSandbox live;
  private final ContainerOptions options;
  private final ContainerJob job;
  private final List<String> inputNames;
  private final StartCommand command;

  /** Inputs that came before, with their places among all. */
  private final Map<JobFile, Integer> known = new LinkedHashMap<>();

  private boolean started;
  private @Nullable RunReport report;

  /**
   * @param live held by this run alone
   * @param inputNames of the job's inputs in their order, checked and normalised
   */
  StreamSandbox(
      DockerEngine engine,
      LiveSandbox live,
      ContainerOptions options,
      ContainerJob job,
      List<String> inputNames) {
    this.engine = engine;
    this.live = live;
    this.options = options;
    this.job = job;
    this.inputNames = inputNames;
    command = StartCommand.of(job, options, inputNames);
    if (live.connection().hasCache()) {
      for (int i = 0; i < job.inputs().size(); i++) {
        var input = job.inputs().get(i);
        if (live.contents().see(input.sha256(), input.sizeBytes())) {
          known.put(input, i);
        }
      }
    }
  }

  /** Whether nothing of the run can run any more. */
  boolean isQuiet() {
    return !started || (report != null && report.survivors() == 0);
  }

  /**
   * Whether it may be reset and used again: the run has ended in time, and no kill for memory has
   * reached more than the program.
   */
  boolean mayServeAgain() {
    return report != null
        && report.survivors() == 0
        && !report.timedOut()
        && (report.oomKills() == 0 || report.exitCode() == 0)
        && live.connection().canReset();
  }

  @Override
  public Layout layout() {
    return new Layout(options.workDir(), known.keySet(), command.copyOfProgram());
  }

  @Override
  public void put(InputStream tar, long sizeBytes) throws IOException {
    var connection = live.connection();
    try {
      connection.put(tar, sizeBytes);
      for (var input : known.entrySet()) {
        place(input.getKey(), inputNames.get(input.getValue()));
      }
      var lost = connection.settle();
      for (var input : known.entrySet()) {
        var name = inputNames.get(input.getValue());
        if (lost.contains(name)) {
          store(input.getKey(), name);
          place(input.getKey(), name);
        }
      }
      if (!connection.settle().isEmpty()) {
        throw new SandboxBrokenException("it has lost what it had stored");
      }
    } catch (SandboxErrorException e) {
      throw refused(e);
    } catch (SandboxBrokenException e) {
      throw judged(e);
    }
  }

  private void place(JobFile input, String name) throws IOException {
    if (!live.contents().isStored(input.sha256())) {
      store(input, name);
    }
    live.connection().place(input.sha256(), Integer.toOctalString(JobTar.FILE_MODE), name);
  }

  private void store(JobFile input, String name) throws IOException {
    try (var content = new ExactStream(input.content().open(), input.sizeBytes(), name)) {
      live.connection().store(input.sha256(), content, input.sizeBytes());
    }
    // Its answer comes later: when the content is not kept after all, placing it says so.
    live.contents().stored(input.sha256());
  }

  @Override
  public void start() {
    started = true;
    var timeout =
        Duration.ofMillis(
            Objects.requireNonNull(job.limitation().executionTimeout(), "executionTimeout"));
    talk(
        () -> {
          live.connection().run(command.text(), RunActorScript.variables(job, options), timeout);
          return true;
        });
  }

  @Override
  public Optional<ContainerState> awaitEnd(Duration timeout) {
    var last = System.nanoTime() + timeout.plus(GRACE).toNanos();
    while (true) {
      var left = Duration.ofNanos(Math.max(0, last - System.nanoTime()));
      var part = left.compareTo(WAIT_PART) < 0 ? left : WAIT_PART;
      report = talk(() -> live.connection().awaitEnd(part));
      if (report != null) {
        return report.timedOut() ? Optional.empty() : Optional.of(state(report));
      }
      if (!inspected().running()) {
        throw judged(new SandboxBrokenException("it ended without a word"));
      }
      if (left.isZero()) {
        throw DockerException.timedOut(
            "container " + live.name() + " did not end its command at the deadline", null);
      }
    }
  }

  private ContainerState state(RunReport ended) {
    return new ContainerState(live.id(), false, ended.exitCode(), ended.oomKills() > 0);
  }

  /** The sandbox has killed it already: at its deadline, or when its command ended. */
  @Override
  public ContainerState kill() {
    return look();
  }

  /** Its connection would have ended with the engine that made it, had that been started again. */
  @Override
  public void confirm() {
    engine.pingAnew(ArchiveSandbox.CONFIRM_DEADLINE);
    if (!live.isAlive()) {
      throw DockerException.nodeFault(
          "the connection to container " + live.name() + " broke", null);
    }
  }

  /** The sandbox has counted the kills for memory, so there is no need to look again. */
  @Override
  public ContainerState look() {
    return report != null ? state(report) : inspected();
  }

  private ContainerState inspected() {
    return engine
        .inspect(live.id())
        .orElseThrow(
            () -> DockerException.nodeFault("container " + live.name() + " has vanished", null));
  }

  @Override
  public Optional<SandboxFile> open(String path) {
    var name = Objects.requireNonNull(options.inWorkDir(path), path);
    var result = talk(() -> live.connection().fetch(name));
    if (result instanceof FetchResult.Found found) {
      return Optional.of(
          new SandboxFile(name, found.sizeBytes(), new JudgedStream(found.content())));
    }
    if (result instanceof FetchResult.Refused refused) {
      throw new ProgramFaultException(
          "'" + CleanText.oneLine(refused.path()) + "' is " + text(name, refused));
    }
    return Optional.empty();
  }

  private static String text(String name, FetchResult.Refused refused) {
    var expected = refused.path().equals(name) ? "a regular file" : "a folder";
    return switch (refused.kind()) {
      case FILE -> "a regular file, not " + expected;
      case FOLDER -> "a folder, not " + expected;
      case LINK -> "a link, not " + expected;
      case SOCKET -> "not " + expected + " but a socket";
      case OTHER -> "a device or pipe, not " + expected;
    };
  }

  private <T extends @Nullable Object> T talk(Supplier<T> request) {
    try {
      return request.get();
    } catch (SandboxErrorException e) {
      throw refused(e);
    } catch (SandboxBrokenException e) {
      throw judged(e);
    }
  }

  /** A disk is full by the node's fault; a folder in memory has the same room on every node. */
  private DockerException refused(SandboxErrorException e) {
    if (e.isOutOfSpace() && !live.isOnDisk()) {
      return DockerException.refused(
          "the files of the run do not fit into its sandbox: "
              + CleanText.oneLine(String.valueOf(e.getMessage())),
          e);
    }
    return DockerException.nodeFault(
        "the sandbox refused: " + CleanText.oneLine(String.valueOf(e.getMessage())), e);
  }

  /**
   * Whose fault a broken conversation is. A container that still runs, or that was ended from
   * outside (by a signal, or because its input ended): the node's. One that ended by itself, on a
   * node that is not going down: its program's.
   */
  private RuntimeException judged(SandboxBrokenException e) {
    var state = engine.awaitExit(live.id(), SETTLING);
    var what = "the sandbox died: " + CleanText.oneLine(String.valueOf(e.getMessage()));
    if (state.isEmpty()) {
      return DockerException.nodeFault(
          "the connection to container " + live.name() + " broke while it ran: " + e.getMessage(),
          e);
    }
    var code = state.get().exitCode();
    if (state.get().oomKilled()) {
      return new ProgramFaultException(what + " (it was killed for want of memory)");
    }
    if (code == 0 || state.get().endedBySignal() || hasLostItsInput(code, e)) {
      return DockerException.nodeFault(what + " (exit code " + code + ")", e);
    }
    engine.pingAnew(ArchiveSandbox.CONFIRM_DEADLINE);
    return new ProgramFaultException(what + " (exit code " + code + ")");
  }

  /**
   * Its input is our connection, which an engine that stops closes while it may still carry the
   * sandbox's last words, or not: it never ends like that without a word.
   */
  private static boolean hasLostItsInput(long exitCode, SandboxBrokenException e) {
    return exitCode == FATAL_EXIT_CODE
        && (!e.isSaid() || String.valueOf(e.getMessage()).startsWith(INPUT_ENDED));
  }

  /** A content whose breaking is judged like everything else. */
  private final class JudgedStream extends FilterInputStream {
    JudgedStream(InputStream content) {
      super(content);
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      try {
        return super.read(target, offset, length);
      } catch (SandboxBrokenException e) {
        throw judged(e);
      }
    }

    @Override
    public void close() throws IOException {
      try {
        super.close();
      } catch (SandboxBrokenException e) {
        throw judged(e);
      }
    }
  }
}
