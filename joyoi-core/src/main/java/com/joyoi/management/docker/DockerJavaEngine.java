package com.joyoi.management.docker;

import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import com.joyoi.management.model.NodeOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A daemon through docker-java. Every call has a deadline of our own, and a call that can be
 * repeated is, once, when no answer came: pooled connections are not validated, so the first call
 * after a daemon's restart finds a dead one.
 */
final class DockerJavaEngine implements DockerEngine {
  private static final Logger LOG = LoggerFactory.getLogger(DockerJavaEngine.class);

  /** Calls that only look; on a busy node of 2 cores they take up to a second. */
  private static final Duration LOOK_DEADLINE = Duration.ofSeconds(15);

  /** Calls that work on the node: create, start, kill, remove; seconds when many run at once. */
  private static final Duration WORK_DEADLINE = Duration.ofSeconds(60);

  /** A whole upload; inputs are bounded by what the database stores, not by us. */
  private static final Duration UPLOAD_DEADLINE = Duration.ofMinutes(10);

  /** How long a download may stay silent. */
  private static final Duration STALL_DEADLINE = Duration.ofSeconds(30);

  /** A wait is cut into parts, with a look between, so that a node that died is noticed. */
  private static final Duration WAIT_PART = Duration.ofSeconds(10);

  /** Of an error's body; the engine's are a line or two. */
  private static final int MAX_MESSAGE_BYTES = 16 << 10;

  /** What the engine writes for a moment that never was. */
  private static final String NEVER = "0001-01-01T00:00:00Z";

  private final String node;
  private final NodeClients clients;
  private final TimedCalls calls;

  private DockerJavaEngine(String node, NodeClients clients) {
    this.node = node;
    this.clients = clients;
    this.calls = new TimedCalls("joyoi-docker-" + node);
  }

  static DockerEngine connect(NodeOptions options) {
    return new DockerJavaEngine(options.name(), new NodeClients(options));
  }

  @Override
  public EngineInfo ping(Duration deadline) {
    return repeatable(deadline, "ping", () -> clients.negotiate().info());
  }

  @Override
  public EngineInfo pingAnew(Duration deadline) {
    var what = "ping over a new connection";
    try {
      return calls.within(deadline, what, clients::askAnew);
    } catch (Exception e) {
      throw failed(what, e);
    }
  }

  @Override
  public String id() {
    return repeatable(
        LOOK_DEADLINE,
        "ask for its id",
        () -> {
          var id = clients.agreed().shortCalls().infoCmd().exec().getId();
          if (id == null || id.isBlank()) {
            throw DockerException.nodeFault("node " + node + ": its engine has no id", null);
          }
          return id;
        });
  }

  @Override
  public boolean hasImage(String image) {
    return repeatable(
        LOOK_DEADLINE,
        "inspect image " + image,
        () -> {
          try {
            clients.agreed().shortCalls().inspectImageCmd(image).exec();
            return true;
          } catch (NotFoundException e) {
            return false;
          }
        });
  }

  @Override
  public String create(ContainerSpec spec) {
    var what = "create container " + spec.name();
    var creation = new Creation(node, spec);
    try {
      var created =
          calls.within(WORK_DEADLINE, what, () -> creation.send(clients.agreed().shortCalls()));
      var dropped = creation.droppedLimits(Arrays.asList(created.warnings()));
      return dropped.isEmpty() ? created.id() : refuse(spec, created.id(), dropped);
    } catch (NotFoundException e) {
      throw creation.imageMissing(e);
    } catch (Exception e) {
      if (!EngineErrors.isAnswerLost(e)) {
        throw EngineErrors.translate(node, what, e);
      }
      clients.forgetAgreement();
      return lookUp(creation, spec, EngineErrors.translate(node, what, e));
    }
  }

  /** No answer came, so the container may exist; its limits have to be read back, then. */
  private String lookUp(Creation creation, ContainerSpec spec, DockerException lost) {
    try {
      var found =
          repeatable(
              LOOK_DEADLINE,
              "look for container " + spec.name(),
              () -> creation.find(clients.agreed().shortCalls()));
      if (found.isEmpty()) {
        throw lost;
      }
      var dropped = found.get().dropped();
      return dropped.isEmpty() ? found.get().id() : refuse(spec, found.get().id(), dropped);
    } catch (DockerException e) {
      if (e != lost) {
        lost.addSuppressed(e);
      }
      throw e.isNodeFault() ? lost : e;
    }
  }

  private String refuse(ContainerSpec spec, String container, List<String> dropped) {
    var refusal =
        DockerException.refused(
            "node "
                + node
                + " can't keep a limit, so container "
                + spec.name()
                + " was not started: "
                + String.join("; ", dropped),
            null);
    try {
      remove(container);
    } catch (DockerException e) {
      refusal.addSuppressed(e);
    }
    throw refusal;
  }

  @Override
  public void start(String container) {
    var what = "start container " + container;
    try {
      calls.within(WORK_DEADLINE, what, () -> sendStart(container));
    } catch (Exception e) {
      if (!EngineErrors.isAnswerLost(e)) {
        throw EngineErrors.translateStart(node, what, e);
      }
      clients.forgetAgreement();
      // A second start of a container that has ended would run the program again.
      if (!hasStarted(container)) {
        throw EngineErrors.translate(node, what, e);
      }
    }
  }

  private boolean sendStart(String container) {
    try {
      clients.agreed().shortCalls().startContainerCmd(container).exec();
    } catch (NotModifiedException e) {
      LOG.debug("Container {} runs already", container);
    }
    return true;
  }

  private boolean hasStarted(String container) {
    return repeatable(
        LOOK_DEADLINE,
        "inspect container " + container,
        () -> {
          var state =
              clients.agreed().shortCalls().inspectContainerCmd(container).exec().getState();
          return state.getStartedAt() != null && !state.getStartedAt().equals(NEVER);
        });
  }

  @Override
  public Optional<ContainerState> awaitExit(String container, Duration deadline) {
    var end = System.nanoTime() + deadline.toNanos();
    var broken = false;
    while (true) {
      var left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
      var part = left.compareTo(WAIT_PART) < 0 ? left : WAIT_PART;
      var waited = waitFor(container, part);
      // A wait that ended, or broke, proves nothing.
      var state = inspect(container);
      if (state.isEmpty()) {
        throw DockerException.nodeFault(
            "node " + node + ": container " + container + " vanished while it was waited for",
            null);
      }
      broken |= !waited;
      if (!state.get().running()) {
        if (broken && isKilledBySignal(state.get())) {
          throw DockerException.nodeFault(
              "node "
                  + node
                  + ": the connection broke while container "
                  + container
                  + " ran, and it ended with exit code "
                  + state.get().exitCode()
                  + ": the engine may have been restarted",
              null);
        }
        return state;
      }
      if (System.nanoTime() - end >= 0) {
        return Optional.empty();
      }
      if (!waited) {
        pauseBeforeNextLook();
      }
    }
  }

  private static boolean isKilledBySignal(ContainerState state) {
    return state.endedBySignal() && !state.oomKilled();
  }

  /**
   * @return false when the wait broke at once, so that looking again at once would be a busy loop
   */
  private boolean waitFor(String container, Duration part) {
    var request =
        Request.builder()
            .method(Request.Method.POST)
            .path(
                "/v" + agreedVersion() + "/containers/" + container + "/wait?condition=not-running")
            .build();
    try {
      return calls.longWithin(
          part,
          "wait for container " + container,
          () -> {
            try (var response = clients.agreed().longRaw().execute(request)) {
              response.getBody().transferTo(java.io.OutputStream.nullOutputStream());
              return response.getStatusCode() == 200;
            }
          });
    } catch (TimedCalls.DeadlineException e) {
      return true;
    } catch (Exception e) {
      LOG.debug("Waiting for container {} on node {} broke", container, node, e);
      return false;
    }
  }

  private String agreedVersion() {
    return repeatable(LOOK_DEADLINE, "version", () -> clients.agreed().info().apiVersion());
  }

  private static void pauseBeforeNextLook() {
    // Once the wait is broken, a look each quarter of a second costs the node next to nothing.
    java.util.concurrent.locks.LockSupport.parkNanos(Duration.ofMillis(250).toNanos());
  }

  @Override
  public Optional<ContainerState> inspect(String container) {
    return repeatable(
        LOOK_DEADLINE,
        "inspect container " + container,
        () -> {
          try {
            var found = clients.agreed().shortCalls().inspectContainerCmd(container).exec();
            var state = found.getState();
            return Optional.of(
                new ContainerState(
                    found.getId(),
                    Boolean.TRUE.equals(state.getRunning()),
                    state.getExitCodeLong() == null ? -1 : state.getExitCodeLong(),
                    Boolean.TRUE.equals(state.getOOMKilled())));
          } catch (NotFoundException e) {
            return Optional.empty();
          }
        });
  }

  @Override
  public void putArchive(String container, String path, InputStream tar) {
    var what = "put files into container " + container;
    try {
      calls.longWithin(
          UPLOAD_DEADLINE,
          what,
          () ->
              // Not withHostResource: that compresses, and engines of some versions ran a helper
              // out of the container's own files to expand it, as root (CVE-2026-41567).
              clients
                  .agreed()
                  .longCalls()
                  .copyArchiveToContainerCmd(container)
                  .withRemotePath(path)
                  .withTarInputStream(tar)
                  .exec());
    } catch (Exception e) {
      throw failed(what, e);
    }
  }

  @Override
  public Optional<InputStream> getArchive(String container, String path) {
    var what = "get " + path + " from container " + container;
    var request =
        Request.builder()
            .method(Request.Method.GET)
            .path(
                "/v"
                    + agreedVersion()
                    + "/containers/"
                    + container
                    + "/archive?path="
                    + URLEncoder.encode(path, StandardCharsets.UTF_8))
            // Compressing costs the node more time than the bytes cost the network.
            .putHeader("Accept-Encoding", "identity")
            .build();
    try {
      // Not the library's own command: closing its stream reads it to the end, a terabyte perhaps.
      var response =
          calls.longWithin(STALL_DEADLINE, what, () -> clients.agreed().longRaw().execute(request));
      if (response.getStatusCode() == 200) {
        return Optional.of(new GuardedStream(response, calls, node, what, STALL_DEADLINE));
      }
      return noArchive(response, what);
    } catch (Exception e) {
      throw failed(what, e);
    }
  }

  private Optional<InputStream> noArchive(Response response, String what) throws Exception {
    try (response) {
      var body = calls.longWithin(STALL_DEADLINE, what, () -> readMessage(response));
      if (response.getStatusCode() != 404) {
        var failure =
            new com.github.dockerjava.api.exception.DockerException(body, response.getStatusCode());
        throw EngineErrors.translate(node, what, failure);
      }
      if (body.toLowerCase(Locale.ROOT).contains("no such container")) {
        throw DockerException.nodeFault("node " + node + ": " + what + ": it vanished", null);
      }
      return Optional.empty();
    }
  }

  private static String readMessage(Response response) throws IOException {
    return new String(response.getBody().readNBytes(MAX_MESSAGE_BYTES), StandardCharsets.UTF_8);
  }

  @Override
  public Attachment attach(String container) {
    var what = "attach to container " + container;
    var version = agreedVersion();
    try {
      return calls.longWithin(LOOK_DEADLINE, what, () -> attach(container, version, what));
    } catch (Exception e) {
      throw failed(what, e);
    }
  }

  private Attachment attach(String container, String version, String what) throws IOException {
    var socket = clients.dial();
    try {
      AttachCall.send(socket, version, container);
      return FramedAttachment.over(socket, calls, node, what);
    } catch (IOException | RuntimeException e) {
      socket.closer().run();
      throw e;
    }
  }

  @Override
  public void kill(String container) {
    repeatable(
        WORK_DEADLINE,
        "kill container " + container,
        () -> {
          try {
            clients.agreed().shortCalls().killContainerCmd(container).exec();
          } catch (NotFoundException | com.github.dockerjava.api.exception.ConflictException e) {
            LOG.debug("Container {} was not running", container);
          }
          return true;
        });
  }

  @Override
  public void remove(String container) {
    var what = "remove container " + container;
    repeatable(
        WORK_DEADLINE,
        what,
        () -> {
          try {
            clients
                .agreed()
                .shortCalls()
                .removeContainerCmd(container)
                .withForce(true)
                .withRemoveVolumes(true)
                .exec();
          } catch (NotFoundException e) {
            LOG.debug("Container {} was gone", container);
          } catch (com.github.dockerjava.api.exception.ConflictException e) {
            // Somebody else removes it; it counts as removed when it is gone, not before.
            while (inspect(container).isPresent()) {
              pauseBeforeNextLook();
            }
          }
          return true;
        });
  }

  @Override
  public List<ContainerSummary> list(Map<String, String> labels) {
    return repeatable(
        LOOK_DEADLINE,
        "list containers",
        () ->
            clients
                .agreed()
                .shortCalls()
                .listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(labels)
                .exec()
                .stream()
                .map(DockerJavaEngine::summary)
                .toList());
  }

  private static ContainerSummary summary(com.github.dockerjava.api.model.Container container) {
    var names = container.getNames() == null ? new String[0] : container.getNames();
    return new ContainerSummary(
        container.getId(),
        Arrays.stream(names).map(name -> name.startsWith("/") ? name.substring(1) : name).toList(),
        container.getLabels() == null ? Map.of() : container.getLabels(),
        state(container.getState()),
        Instant.ofEpochSecond(container.getCreated()));
  }

  private static ContainerSummary.State state(@Nullable String state) {
    return switch (state == null ? "" : state) {
      case "created" -> ContainerSummary.State.CREATED;
      case "running" -> ContainerSummary.State.RUNNING;
      case "exited", "dead" -> ContainerSummary.State.ENDED;
      default -> ContainerSummary.State.OTHER;
    };
  }

  @Override
  public List<SwarmMember> swarm() {
    return repeatable(
        LOOK_DEADLINE,
        "list the nodes of the swarm",
        () ->
            clients.agreed().shortCalls().listSwarmNodesCmd().exec().stream()
                .map(SwarmMembers::of)
                .toList());
  }

  /** A call that may take effect twice: repeated once when a dead connection gave no answer. */
  private <T> T repeatable(Duration deadline, String what, Callable<T> call) {
    try {
      return calls.within(deadline, what, call);
    } catch (Exception first) {
      if (!EngineErrors.isAnswerLost(first) || isFinal(first)) {
        throw failed(what, first);
      }
      clients.forgetAgreement();
      try {
        return calls.within(deadline, what, call);
      } catch (Exception second) {
        throw failed(what, second);
      }
    }
  }

  /** A deadline is not worth a second one, and versions that don't fit won't fit then either. */
  private static boolean isFinal(Exception e) {
    return e instanceof TimedCalls.DeadlineException || e instanceof IllegalArgumentException;
  }

  private DockerException failed(String what, Exception e) {
    if (EngineErrors.isAnswerLost(e)) {
      clients.forgetAgreement();
    }
    return EngineErrors.translate(node, what, e);
  }

  @Override
  public void close() {
    clients.close();
  }
}
