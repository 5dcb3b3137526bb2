package com.joyoi.management.docker;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A daemon in memory: containers in a map, programs as lambdas. Thread-safe; one lock, which
 * nothing holds while it waits.
 */
public final class FakeDockerEngine implements DockerEngine {
  /** What the engine does with calls. */
  public enum Mode {
    /** Every call is answered. */
    ANSWERS,
    /** Every call fails as one to a node that is down. */
    FAILS,
    /** Every call blocks until the mode changes or the engine is closed. */
    HANGS
  }

  private final Map<String, FakeContainer> containers = new LinkedHashMap<>();
  private Mode mode = Mode.ANSWERS;
  private @Nullable Attachment attachment;
  private Consumer<FakeContainer> program = container -> container.exit(0);
  private List<SwarmMember> swarm = List.of();
  private boolean closed;
  private boolean shuttingDown;
  private boolean hasImages = true;
  private String id = "engine-" + UUID.randomUUID();
  private int pings;
  private int waiting;
  private int created;

  /** Changes what happens to calls; wakes those that hang. */
  public synchronized void setMode(Mode newMode) {
    mode = newMode;
    notifyAll();
  }

  /** Whether images are there. */
  public synchronized void setHasImages(boolean there) {
    hasImages = there;
  }

  /** What it calls itself; without this no other one does so. */
  public synchronized void setId(String newId) {
    id = newId;
  }

  /** It takes no new connections, and answers on those that it has. */
  public synchronized void beginShutdown() {
    shuttingDown = true;
  }

  /**
   * What containers do when they start, on the starting thread, without the lock; one that does not
   * {@link FakeContainer#exit} runs until it is killed. Without a program they exit with 0.
   */
  public synchronized void setProgram(Consumer<FakeContainer> newProgram) {
    program = newProgram;
  }

  /** What attach calls get, to containers that have nothing of their own. */
  public synchronized void setAttachment(Attachment toAttach) {
    attachment = toAttach;
  }

  /** The machines of the swarm that it is a manager of. */
  public synchronized void setSwarm(List<SwarmMember> members) {
    swarm = List.copyOf(members);
  }

  public synchronized int pings() {
    return pings;
  }

  public synchronized boolean isClosed() {
    return closed;
  }

  /** The containers that are there. */
  public synchronized List<FakeContainer> containers() {
    return List.copyOf(containers.values());
  }

  /** Blocks until this many calls hang at once. */
  public synchronized void awaitHanging(int calls) throws InterruptedException {
    while (waiting < calls) {
      wait();
    }
  }

  @Override
  public synchronized EngineInfo ping(Duration deadline) {
    pings++;
    answer();
    return new EngineInfo("20.10.24", "1.41");
  }

  @Override
  public synchronized EngineInfo pingAnew(Duration deadline) {
    if (shuttingDown) {
      throw DockerException.nodeFault("connection refused", null);
    }
    return ping(deadline);
  }

  @Override
  public synchronized String id() {
    answer();
    return id;
  }

  @Override
  public synchronized boolean hasImage(String image) {
    answer();
    return hasImages;
  }

  @Override
  public synchronized String create(ContainerSpec spec) {
    answer();
    if (find(spec.name()).isPresent()) {
      throw DockerException.refused("the name " + spec.name() + " is in use", null);
    }
    var container = new FakeContainer("id-" + ++created, spec);
    containers.put(container.id, container);
    return container.id;
  }

  @Override
  public void start(String container) {
    FakeContainer started;
    Consumer<FakeContainer> toRun;
    synchronized (this) {
      answer();
      started = get(container);
      started.running = true;
      started.wasStarted = true;
      toRun = program;
    }
    toRun.accept(started);
  }

  @Override
  public synchronized Optional<ContainerState> awaitExit(String container, Duration deadline) {
    answer();
    var awaited = get(container);
    waitWhile(() -> awaited.running, deadline);
    return awaited.running ? Optional.empty() : Optional.of(awaited.state());
  }

  @Override
  public synchronized Optional<ContainerState> inspect(String container) {
    answer();
    return find(container).map(FakeContainer::state);
  }

  @Override
  public synchronized void putArchive(String container, String path, InputStream tar) {
    answer();
    try {
      get(container).archives.put(path, tar.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized Optional<InputStream> getArchive(String container, String path) {
    answer();
    return Optional.ofNullable(get(container).archives.get(path)).map(ByteArrayInputStream::new);
  }

  @Override
  public synchronized Attachment attach(String container) {
    answer();
    return Optional.ofNullable(get(container).attachment)
        .or(() -> Optional.ofNullable(attachment))
        .orElseThrow(() -> new UnsupportedOperationException("nothing to attach to"));
  }

  @Override
  public synchronized void kill(String container) {
    answer();
    find(container).filter(c -> c.running).ifPresent(c -> c.exit(137));
  }

  @Override
  public synchronized void remove(String container) {
    answer();
    find(container)
        .ifPresent(
            c -> {
              c.exit(137);
              containers.remove(c.id);
            });
  }

  @Override
  public synchronized List<ContainerSummary> list(Map<String, String> labels) {
    answer();
    var found = new ArrayList<ContainerSummary>();
    for (var c : containers.values()) {
      if (c.spec.labels().entrySet().containsAll(labels.entrySet())) {
        found.add(
            new ContainerSummary(
                c.id, List.of(c.spec.name()), c.spec.labels(), c.summaryState(), Instant.EPOCH));
      }
    }
    return found;
  }

  @Override
  public synchronized List<SwarmMember> swarm() {
    answer();
    return swarm;
  }

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }

  /** Returns when the call is to be answered. */
  private void answer() {
    if (mode == Mode.HANGS && !closed) {
      waiting++;
      notifyAll();
      waitWhile(() -> mode == Mode.HANGS && !closed, Duration.ofDays(1));
      waiting--;
    }
    if (closed) {
      throw DockerException.nodeFault("the connection was closed", null);
    }
    if (mode == Mode.FAILS) {
      throw DockerException.nodeFault("connection refused", null);
    }
  }

  /** Returns when the condition no longer holds, or the time has passed. */
  private synchronized void waitWhile(BooleanSupplier condition, Duration time) {
    var end = System.nanoTime() + time.toNanos();
    try {
      while (condition.getAsBoolean()) {
        var left = end - System.nanoTime();
        if (left <= 0) {
          return;
        }
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw DockerException.nodeFault("interrupted", e);
    }
  }

  private FakeContainer get(String idOrName) {
    return find(idOrName)
        .orElseThrow(() -> DockerException.refused("no such container: " + idOrName, null));
  }

  private Optional<FakeContainer> find(String idOrName) {
    return containers.values().stream()
        .filter(c -> c.id.equals(idOrName) || c.spec.name().equals(idOrName))
        .findFirst();
  }

  /** A container of the fake. */
  public final class FakeContainer {
    private final String id;
    private final ContainerSpec spec;
    private final Map<String, byte[]> archives = new LinkedHashMap<>();
    private boolean running;
    private boolean wasStarted;
    private long exitCode;
    private boolean oomKilled;
    private @Nullable Attachment attachment;

    private FakeContainer(String id, ContainerSpec spec) {
      this.id = id;
      this.spec = spec;
    }

    public String id() {
      return id;
    }

    public ContainerSpec spec() {
      return spec;
    }

    /** What was put in, or what a program leaves: a tar for each path. */
    public Optional<byte[]> archive(String path) {
      synchronized (FakeDockerEngine.this) {
        return Optional.ofNullable(archives.get(path));
      }
    }

    public void putArchive(String path, byte[] tar) {
      synchronized (FakeDockerEngine.this) {
        archives.put(path, tar);
      }
    }

    /** What the next attach call gets. */
    public void attach(Attachment toAttach) {
      synchronized (FakeDockerEngine.this) {
        attachment = toAttach;
      }
    }

    /** Process 1 ends; nothing happens when it has ended. */
    public void exit(long code) {
      end(code, false);
    }

    /** The kernel kills process 1 for memory. */
    public void runOutOfMemory() {
      end(137, true);
    }

    private void end(long code, boolean oom) {
      synchronized (FakeDockerEngine.this) {
        if (running) {
          running = false;
          exitCode = code;
          oomKilled = oom;
          FakeDockerEngine.this.notifyAll();
        }
      }
    }

    private ContainerSummary.State summaryState() {
      if (running) {
        return ContainerSummary.State.RUNNING;
      }
      return wasStarted ? ContainerSummary.State.ENDED : ContainerSummary.State.CREATED;
    }

    private ContainerState state() {
      return new ContainerState(id, running, exitCode, oomKilled);
    }
  }
}
