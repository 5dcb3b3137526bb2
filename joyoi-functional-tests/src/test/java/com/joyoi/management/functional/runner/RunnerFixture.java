package com.joyoi.management.functional.runner;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.joyoi.management.blob.SmallContent;
import com.joyoi.management.concurrent.Cancellation;
import com.joyoi.management.container.ContainerLedger;
import com.joyoi.management.container.ContainerReaper;
import com.joyoi.management.container.Sandboxes;
import com.joyoi.management.container.SessionIdentity;
import com.joyoi.management.docker.DockerEngine;
import com.joyoi.management.docker.DockerException;
import com.joyoi.management.functional.TestBed;
import com.joyoi.management.functional.docker.LiveNode;
import com.joyoi.management.model.ActorLanguage;
import com.joyoi.management.model.ContainerOptions.Transport;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.model.SandboxOptions.Reuse;
import com.joyoi.management.node.IdleSandbox;
import com.joyoi.management.node.NodeConnection;
import com.joyoi.management.node.NodeLease;
import com.joyoi.management.node.SandboxShape;
import com.joyoi.management.runner.ContainerJob;
import com.joyoi.management.runner.ContainerRunner;
import com.joyoi.management.runner.NodeFaultException;
import com.joyoi.management.runner.RunOutcome;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A runner on the live node, in an installation of its own. Closing it fails when it left a
 * container, a row or a lease.
 */
final class RunnerFixture implements AutoCloseable {
  static final String SERVICE = TestBed.serviceName("functional-tests");

  private static final String LEAVES_THINGS =
      """
      for folder in . /tmp /var/tmp /dev/shm; do
        mkdir -m 700 $folder/left
        head -c 1M /dev/zero > $folder/left/file
      done
      (trap '' TERM HUP; exec sleep 600) &
      """;

  final SessionIdentity identity =
      new SessionIdentity(UUID.randomUUID().toString(), SERVICE, UUID.randomUUID().toString());
  final FakeLedger ledger = new FakeLedger();
  final NodeConnection node;
  final ContainerReaper reaper;
  final ContainerRunner runner;
  final AtomicInteger leases = new AtomicInteger();
  final List<String> faults = new ArrayList<>();

  /**
   * Whether a sandbox serves one run after the other, instead of one. Each job is another
   * instance's, and then none is the first of its sandbox.
   */
  boolean reuses = TestBed.reuse() == Reuse.ALWAYS;

  private final Map<SandboxShape, Deque<IdleSandbox>> idle = new ConcurrentHashMap<>();
  private final Sandboxes sandboxes;
  private final TestTimers timers = new TestTimers();

  RunnerFixture(Transport transport) {
    this(LiveNode.options(LiveNode.container().withTransport(transport)));
  }

  RunnerFixture() {
    this(LiveNode.options());
  }

  RunnerFixture(NodeOptions options) {
    node = new NodeConnection(options, DockerEngine.connect(options));
    reaper = reaper(identity);
    sandboxes = new Sandboxes(identity, ledger, reaper);
    runner =
        ContainerRunner.create(identity, ledger, reaper, InstantSource.system(), Runnable::run);
  }

  ContainerReaper reaper(SessionIdentity owner) {
    // A run that is over has removed its container, for the tests' sake.
    return new ContainerReaper(
        owner, () -> true, ledger, timers, InstantSource.system(), Runnable::run);
  }

  /** How a run ended, and what it brought back. */
  record Run(RunOutcome outcome, Map<String, String> outputs) {
    /** A limit that the node can't keep aborts the test: nothing is known of what was asked. */
    String output(String name) {
      if (outcome instanceof RunOutcome.Failed failed && failed.reason().contains("can't keep")) {
        abort(failed.reason());
      }
      if (!outputs.containsKey(name)) {
        throw new AssertionError("no output " + name + ": " + outcome + " " + outputs.keySet());
      }
      return outputs.get(name).strip();
    }

    String failure() {
      if (outcome instanceof RunOutcome.Failed failed) {
        return failed.reason();
      }
      throw new AssertionError("did not fail: " + outputs);
    }
  }

  /** Runs a bash script under the default limits. */
  Run bash(String script, ContainerJob.JobFile... inputs) {
    return bash(script, Limitation.NONE, inputs);
  }

  Run bash(String script, Limitation limitation, ContainerJob.JobFile... inputs) {
    return run(job(script, limitation, false, new Outputs(), List.of(inputs)));
  }

  /** Aborts the test when the image lacks a program that it needs. */
  void require(String program) {
    assumeTrue(
        bash("command -v " + program + returning()).outcome() instanceof RunOutcome.Succeeded,
        () -> "the image " + node.options().image() + " has no " + program);
  }

  /** A job in bash whose events end in {@code outputs}. */
  ContainerJob job(
      String script,
      Limitation limitation,
      boolean keep,
      ContainerJob.Events events,
      List<ContainerJob.JobFile> inputs) {
    return new ContainerJob(
        UUID.randomUUID(),
        UUID.randomUUID(),
        inputs,
        script.getBytes(StandardCharsets.UTF_8),
        ActorLanguage.BASH,
        limitation.over(Limitation.DEFAULTS),
        keep,
        false,
        events);
  }

  Run run(ContainerJob job) {
    var outcome = run(job, new Cancellation());
    return new Run(outcome, ((Outputs) job.events()).byName);
  }

  RunOutcome run(ContainerJob job, Cancellation cancellation) {
    try {
      if (mayReuse(job) && !idle.containsKey(shape(job))) {
        runFirst(job.limitation());
      }
      return runner.run(lease(job, sandboxes), job, cancellation);
    } catch (DockerException e) {
      // As for a run whose sandbox can't be made.
      if (e.isNodeFault()) {
        faults.add(String.valueOf(e.getMessage()));
        throw new NodeFaultException(node.name(), String.valueOf(e.getMessage()), e);
      }
      return new RunOutcome.Failed(String.valueOf(e.getMessage()));
    }
  }

  private void runFirst(Limitation limitation) {
    var first = job(LEAVES_THINGS + returning(), limitation, false, new Outputs(), List.of());
    var outcome = runner.run(lease(first, sandboxes), first, new Cancellation());
    if (outcome instanceof RunOutcome.Succeeded && !idle.containsKey(shape(first))) {
      throw new AssertionError("a sandbox that may serve again was given up");
    }
  }

  /** With a sandbox where the node keeps them, as the pool would give one. */
  NodeLease lease(ContainerJob job, Sandboxes maker) {
    var sandbox = sandbox(job, maker);
    leases.incrementAndGet();
    return new NodeLease() {
      @Override
      public Optional<IdleSandbox> sandbox() {
        return Optional.ofNullable(sandbox);
      }

      @Override
      public boolean isReusable() {
        return mayReuse(job);
      }

      @Override
      public long number() {
        return 1;
      }

      @Override
      public NodeConnection node() {
        return node;
      }

      @Override
      public boolean isHeld() {
        return true;
      }

      @Override
      public void reportStarted() {}

      @Override
      public void reportServed() {}

      @Override
      public void reportFault(String what, boolean timedOut) {
        faults.add(what);
      }

      @Override
      public void over(boolean returns) {}

      @Override
      public void release() {
        leases.decrementAndGet();
      }

      @Override
      public void release(IdleSandbox clean) {
        leases.decrementAndGet();
        idle.computeIfAbsent(shape(job), shape -> new ArrayDeque<>()).addLast(clean);
      }
    };
  }

  private @Nullable IdleSandbox sandbox(ContainerJob job, Sandboxes maker) {
    var container = node.options().container();
    if (!container.isStream() || job.keep()) {
      return null;
    }
    var shape = shape(job);
    var waiting = idle.getOrDefault(shape, new ArrayDeque<>()).pollLast();
    if (waiting != null) {
      return waiting;
    }
    try {
      return maker.make(node, shape).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private SandboxShape shape(ContainerJob job) {
    var inputBytes = job.inputs().stream().mapToLong(ContainerJob.JobFile::sizeBytes).sum();
    var memory = Objects.requireNonNull(job.limitation().memory());
    var roomBytes = Sandboxes.folderBytes(node.options().container(), memory);
    return new SandboxShape(job.limitation(), inputBytes > roomBytes);
  }

  private boolean mayReuse(ContainerJob job) {
    return reuses
        && node.options().container().isStream()
        && !job.keep()
        && !shape(job).onDisk()
        && !Boolean.TRUE.equals(job.limitation().enableNetwork());
  }

  static ContainerJob.JobFile file(String name, String content) {
    var bytes = content.getBytes(StandardCharsets.UTF_8);
    return new ContainerJob.JobFile(
        name, bytes.length, SmallContent.of(bytes).sha256(), () -> new ByteArrayInputStream(bytes));
  }

  /** Script lines that name the outputs. */
  static String returning(String... names) {
    var quoted = List.of(names).stream().map(name -> "\"" + name + "\"").toList();
    return "\ncat > return.json <<'END_OF_RESULT'\n{\"Outputs\": " + quoted + "}\nEND_OF_RESULT\n";
  }

  Map<String, String> labels() {
    return Map.of("com.joyoi.installation", identity.installation());
  }

  @Override
  public void close() {
    idle.values().forEach(waiting -> waiting.forEach(IdleSandbox::discard));
    sandboxes.close();
    // Waits for what is being removed in the background.
    reaper.close(List.of(node));
    var left = node.engine().list(labels());
    left.forEach(container -> node.engine().remove(container.id()));
    timers.close();
    node.engine().close();
    if (!left.isEmpty() || !ledger.rows.isEmpty() || leases.get() != 0) {
      throw new AssertionError(
          "left over: containers " + left + ", rows " + ledger.rows + ", leases " + leases);
    }
  }

  /** Collects outputs as text. */
  static final class Outputs implements ContainerJob.Events {
    final Map<String, String> byName = new LinkedHashMap<>();
    final CountDownLatch isPlaced = new CountDownLatch(1);
    private final Consumer<String> onPlaced;

    Outputs() {
      this(container -> {});
    }

    Outputs(Consumer<String> onPlaced) {
      this.onPlaced = onPlaced;
    }

    @Override
    public void placed(String containerId, String containerName) {
      onPlaced.accept(containerId);
      isPlaced.countDown();
    }

    @Override
    public void output(String name, long sizeBytes, InputStream content) {
      try {
        var bytes = content.readAllBytes();
        if (bytes.length != sizeBytes) {
          throw new AssertionError(name + " has " + bytes.length + ", not " + sizeBytes);
        }
        byName.put(name, new String(bytes, StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The rows in memory. */
  static final class FakeLedger implements ContainerLedger {
    final Map<String, Entry> rows = new ConcurrentHashMap<>();

    @Override
    public void record(Entry entry) {
      rows.put(entry.containerName(), entry);
    }

    @Override
    public void forget(String containerName) {
      rows.remove(containerName);
    }

    @Override
    public List<Entry> all() {
      return List.copyOf(rows.values());
    }
  }
}
