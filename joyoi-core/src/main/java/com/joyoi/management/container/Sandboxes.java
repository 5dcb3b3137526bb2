package com.joyoi.management.container;

import com.joyoi.management.docker.ContainerSpec;
import com.joyoi.management.docker.ContainerState;
import com.joyoi.management.docker.DockerException;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.node.IdleSandbox;
import com.joyoi.management.node.NodeConnection;
import com.joyoi.management.node.SandboxMaker;
import com.joyoi.management.node.SandboxShape;
import com.joyoi.management.node.SandboxUnsupportedException;
import com.joyoi.management.sandbox.SandboxBrokenException;
import com.joyoi.management.sandbox.SandboxConnection;
import com.joyoi.management.sandbox.SandboxScript;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes sandboxes. Thread-safe. */
public final class Sandboxes implements SandboxMaker, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sandboxes.class);

  /** A node that answers makes one in well under a second. */
  private static final Duration CLOSING_GRACE = Duration.ofSeconds(10);

  /** One part of so many of its memory is for contents that need not be sent again. */
  private static final int CACHE_SHARE = 16;

  /** How long a service that lives may say nothing to a sandbox while a run is prepared or ends. */
  private static final Duration STALL = Duration.ofMinutes(10);

  /** How long after its connection a container that died may end. */
  private static final Duration SETTLING = Duration.ofSeconds(5);

  private final SessionIdentity identity;
  private final ContainerLedger ledger;
  private final ContainerReaper reaper;

  /** Ends after whoever waits for a sandbox has heard of it, and has given it back if need be. */
  private final Set<CompletableFuture<Void>> underWay = ConcurrentHashMap.newKeySet();

  /**
   * @param reaper removes them when they have served their time
   */
  public Sandboxes(SessionIdentity identity, ContainerLedger ledger, ContainerReaper reaper) {
    this.identity = identity;
    this.ledger = ledger;
    this.reaper = reaper;
  }

  @Override
  public CompletableFuture<IdleSandbox> make(NodeConnection node, SandboxShape shape) {
    // A name of this attempt alone: a create call of an earlier one may still take effect.
    var name = "joyoi-sandbox-" + UUID.randomUUID();
    var future = new CompletableFuture<IdleSandbox>();
    var end = new CompletableFuture<Void>();
    underWay.add(end);
    Thread.ofVirtual()
        .name(name)
        .start(
            () -> {
              try {
                future.complete(make(node, shape, name));
              } catch (Throwable e) {
                // Whatever it is: whoever waits for this must hear of it.
                future.completeExceptionally(e);
              } finally {
                underWay.remove(end);
                end.complete(null);
              }
            });
    return future;
  }

  /** Waits, for a bounded time, for those that are being made. */
  @Override
  public void close() {
    var all = CompletableFuture.allOf(underWay.toArray(CompletableFuture[]::new));
    try {
      all.get(CLOSING_GRACE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.info("Some sandboxes are still being made; the next start of the service removes them");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private LiveSandbox make(NodeConnection node, SandboxShape shape, String name) {
    ledger.record(ContainerLedger.Entry.of(name, node, identity.session(), Instant.EPOCH));
    var engine = node.engine();
    SandboxConnection connection = null;
    try {
      var id = engine.create(spec(node, shape, name));
      connection = new SandboxConnection(engine.attach(id));
      start(node, id);
      var cacheBytes = cacheBytes(shape);
      greet(node, id, connection, cacheBytes);
      return new LiveSandbox(
          node, id, name, connection, reaper, new KnownContents(cacheBytes), shape.onDisk());
    } catch (RuntimeException e) {
      if (connection != null) {
        connection.close();
      }
      if (e instanceof DockerException docker && docker.isTimedOut()) {
        reaper.disposeLater(node, name, () -> {});
      } else {
        reaper.disposeInBackground(node, name, () -> {});
      }
      throw e;
    }
  }

  private static void start(NodeConnection node, String id) {
    try {
      node.engine().start(id);
    } catch (DockerException e) {
      if (!e.isTimedOut() && String.valueOf(e.getMessage()).contains("executable file not found")) {
        throw unsupported(node, e);
      }
      throw e;
    }
  }

  private static long cacheBytes(SandboxShape shape) {
    return Objects.requireNonNull(shape.limitation().memory(), "memory") / CACHE_SHARE;
  }

  private static void greet(
      NodeConnection node, String id, SandboxConnection connection, long cacheBytes) {
    var idle = Duration.ofSeconds(node.options().container().sandboxes().idleSeconds());
    try {
      connection.greet(cacheBytes, idle.plus(STALL));
    } catch (SandboxBrokenException e) {
      var end = e.isSaid() ? null : node.engine().awaitExit(id, SETTLING).orElse(null);
      if (end != null && end.oomKilled()) {
        throw DockerException.refused(
            "out of memory: no sandbox can start within Limitation.Memory", e);
      }
      if (e.isSaid() || endedByItself(end)) {
        throw unsupported(node, e);
      }
      throw DockerException.nodeFault("a sandbox ended at its start: " + e.getMessage(), e);
    }
  }

  private static boolean endedByItself(@Nullable ContainerState end) {
    return end != null && end.exitCode() > 0 && !end.endedBySignal();
  }

  private static SandboxUnsupportedException unsupported(NodeConnection node, RuntimeException e) {
    return new SandboxUnsupportedException(
        "image '" + node.options().image() + "' can't serve as a sandbox: " + e.getMessage(), e);
  }

  private ContainerSpec spec(NodeConnection node, SandboxShape shape, String name) {
    var options = node.options().container();
    return new ContainerSpec(
        name,
        node.options().image(),
        SandboxScript.command(options.workDir()),
        true,
        options.workDir(),
        Map.of(),
        Labels.ofSandbox(identity, shape.onDisk()),
        shape.limitation(),
        options.devicePath(),
        writable(options, shape));
  }

  private static ContainerSpec.Writable writable(ContainerOptions options, SandboxShape shape) {
    var folders = new LinkedHashMap<String, String>();
    var mount = mount(options, shape);
    var workDir = options.workDir().substring(0, options.workDir().length() - 1);
    for (var folder : List.of(workDir, "/tmp", "/var/tmp", "/dev/shm")) {
      if (!(shape.onDisk() && folder.equals(workDir))) {
        folders.put(folder, mount);
      }
    }
    return new ContainerSpec.Writable(folders, shape.onDisk() ? workDir : null);
  }

  private static String mount(ContainerOptions options, SandboxShape shape) {
    return "rw,exec,nosuid,nodev,mode=1777,size="
        + folderBytes(options, Objects.requireNonNull(shape.limitation().memory(), "memory"))
        + ",nr_inodes="
        + options.sandboxes().tmpfsInodes();
  }

  /**
   * How much a writable folder of a sandbox may hold.
   *
   * @param memoryBytes of the run
   */
  public static long folderBytes(ContainerOptions options, long memoryBytes) {
    return memoryBytes / 100 * options.sandboxes().tmpfsPercent();
  }
}
