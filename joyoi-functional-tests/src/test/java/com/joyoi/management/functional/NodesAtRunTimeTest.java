package com.joyoi.management.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.bootstrap.ManagementService;
import com.joyoi.management.engine.StateMachineEngine.Privilege;
import com.joyoi.management.functional.persistence.LiveDatabase;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.model.NodeDefinition;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.model.NodeSource;
import com.joyoi.management.model.NodeStatus;
import com.joyoi.management.settings.DiscoveryOptions;
import com.joyoi.management.settings.DiscoveryOptions.NodeDefaults;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that come and go while services run: by an administrator, and by a swarm. */
@RunsActors
@LeftOut("it changes what belongs to the engines as a whole, and needs two of them")
class NodesAtRunTimeTest {
  private static final String FIRST = "docker-1";
  private static final String SECOND = "docker-2";

  @TempDir Path folder;
  private final Deque<ManagementService> services = new ArrayDeque<>();
  private LiveDatabase database;

  @BeforeEach
  void makeDatabase() throws Exception {
    database = LiveDatabase.make();
  }

  @AfterEach
  void close() throws Exception {
    services.forEach(ManagementService::close);
    database.close();
  }

  private ManagementService start(@Nullable NodeOptions swarm, NodeOptions... nodes)
      throws IOException {
    var tls = TestBed.tls();
    var container = TestBed.node(1, 2).container();
    var name = TestBed.serviceName("RunTime-" + UUID.randomUUID());
    var options =
        TestBed.options(name, Files.createTempDirectory(folder, "data"), database.database())
            .toBuilder()
            .discovery(
                new DiscoveryOptions(
                    folder,
                    new NodeDefaults(
                        TestBed.required("JOYOI_TEST_IMAGE"), tls, tls.password(), container),
                    swarm))
            .nodes(nodes)
            .build();
    var service = ManagementService.builder(options).start();
    services.push(service);
    return service;
  }

  private static NodeDefinition second() {
    return NodeDefinition.at(TestBed.node(2, 2).address());
  }

  private static Optional<NodeStatus> status(ManagementService service, String node) {
    return service.nodes().status().stream()
        .filter(status -> status.name().equals(node))
        .findFirst();
  }

  private static boolean isUp(ManagementService service, String node) {
    return status(service, node)
        .filter(status -> status.lastSeen() != null && !status.errorFlags())
        .isPresent();
  }

  private static Instance lasting(ManagementService service, int seconds) {
    var input = Programs.blob(service.blobs(), "in.txt", Integer.toString(seconds));
    return service
        .instances()
        .create(new InstanceRequest("OnlyLasting", List.of(input)), Privilege.ADMIN);
  }

  private static Instance ended(ManagementService service, Instance instance) {
    return service.instances().ended(instance.id()).orTimeout(5, TimeUnit.MINUTES).join();
  }

  /** Waits until its only run has a container that runs. */
  private static void awaitRunning(ManagementService service, Instance instance)
      throws InterruptedException {
    Eventually.await(
        "it runs",
        () ->
            service.instances().find(instance.id()).orElseThrow().startedActors().stream()
                .anyMatch(run -> Containers.isRunning(run.usedNode(), run.usedContainer())));
  }

  @Test
  void node_putAndRemoved_runsWhatItWasGivenToTheEnd() throws Exception {
    var one = start(null);
    var other = start(null);
    Programs.load(one);
    var waiting = lasting(one, 0);

    one.nodeDirectory().put(SECOND, second());
    assertThat(ended(one, waiting).status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(ended(one, waiting).startedActors().getFirst().usedNode()).isEqualTo(SECOND);
    Eventually.await("the other service has it", () -> isUp(other, SECOND));
    var underWay = lasting(one, 8);
    awaitRunning(one, underWay);

    other.nodeDirectory().remove(SECOND);
    Eventually.await(
        "it leaves here, too", () -> status(one, SECOND).filter(NodeStatus::leaving).isPresent());
    var later = lasting(one, 0);

    assertThat(ended(one, underWay).exception()).isNull();
    assertThat(ended(one, underWay).startedActors()).hasSize(1);
    Eventually.await("it has left", () -> status(one, SECOND).isEmpty());
    Eventually.await("it has left there", () -> status(other, SECOND).isEmpty());
    assertThat(Containers.list(TestBed.node(2, 1), Map.of())).isEmpty();
    assertThat(one.leftContainers()).isEmpty();
    assertThat(one.instances().find(later.id()).orElseThrow().status())
        .isEqualTo(InstanceStatus.RUNNING);
    one.nodeDirectory().put(SECOND, second());
    assertThat(ended(one, later).status()).isEqualTo(InstanceStatus.SUCCEEDED);
  }

  @Test
  void node_changedWhileItWorks_goesOnUnderItsNewOptions() throws Exception {
    var service = start(null);
    Programs.load(service);
    service.nodeDirectory().put(SECOND, second());
    var underWay = lasting(service, 6);
    awaitRunning(service, underWay);

    service
        .nodeDirectory()
        .put(
            SECOND,
            new NodeDefinition(null, second().address(), null, null, Map.of("maxRunningJobs", 1)));
    var next = lasting(service, 0);

    assertThat(ended(service, next).exception()).isNull();
    assertThat(ended(service, underWay).exception()).isNull();
    Eventually.await("the old one has left", () -> service.nodes().status().size() == 1);
    assertThat(status(service, SECOND).orElseThrow().maxRunningJobs()).isEqualTo(1);
  }

  @Test
  void node_whoseCertificateIsNotHere_saysSoUntilItIs() throws Exception {
    var service = start(null);
    var definition = new NodeDefinition(null, second().address(), "later.pfx", "ca.pem", Map.of());
    service.nodeDirectory().put(SECOND, definition);
    Eventually.await(
        "it says what is missing",
        () ->
            status(service, SECOND)
                .map(NodeStatus::lastError)
                .filter(error -> error.contains("later.pfx") && error.contains("no such file"))
                .isPresent());

    var certificates = TestBed.tls().clientCertificate();
    Files.copy(certificates.resolveSibling("ca.pem"), folder.resolve("ca.pem"));
    Files.copy(certificates, folder.resolve("later.pfx"));

    Eventually.await("it is up", () -> isUp(service, SECOND));
  }

  @Test
  void cordon_outlivesTheService() throws Exception {
    var service = start(null, TestBed.node(1, 2));
    service.nodeDirectory().cordon(FIRST, true);
    service.close();
    services.clear();

    var again = start(null, TestBed.node(1, 2), TestBed.node(2, 2));
    Programs.load(again);

    assertThat(status(again, FIRST).orElseThrow().cordoned()).isTrue();
    var instance = lasting(again, 0);
    assertThat(ended(again, instance).startedActors().getFirst().usedNode()).isEqualTo(SECOND);
  }

  @Test
  void swarm_ofTwoEngines_givesItsLabelledMachines() throws Exception {
    try (var swarm = new Swarm()) {
      var service = start(manager());
      Programs.load(service);
      Eventually.await(
          "the manager is asked",
          () -> service.nodeDirectory().swarm().orElseThrow().lastSeen() != null);
      assertThat(service.nodes().status()).isEmpty();

      for (int number = 1; number <= 2; number++) {
        swarm.label(number, "joyoi=true");
      }
      Eventually.await("one is up", () -> isUp(service, FIRST));
      Eventually.await("two is up", () -> isUp(service, SECOND));
      assertThat(status(service, SECOND).orElseThrow().source()).isEqualTo(NodeSource.SWARM);
      assertThat(service.nodeDirectory().swarm().orElseThrow().nodes()).isEqualTo(2);

      swarm.update(1, "--availability", "drain");
      Eventually.await("it is cordoned", () -> status(service, FIRST).orElseThrow().cordoned());
      var underWay = lasting(service, 6);
      awaitRunning(service, underWay);
      swarm.update(2, "--label-rm", "joyoi");
      Eventually.await(
          "it leaves", () -> status(service, SECOND).filter(NodeStatus::leaving).isPresent());
      var result = ended(service, underWay);
      assertThat(result.exception()).isNull();
      assertThat(result.startedActors().getFirst().usedNode()).isEqualTo(SECOND);
      Eventually.await("it has left", () -> status(service, SECOND).isEmpty());

      swarm.update(1, "--availability", "active");
      assertThat(ended(service, lasting(service, 0)).startedActors().getFirst().usedNode())
          .isEqualTo(FIRST);
      swarm.end();
      Eventually.await(
          "it is seen", () -> service.nodeDirectory().swarm().orElseThrow().lastError() != null);
      assertThat(ended(service, lasting(service, 0)).exception()).isNull();
    }
  }

  private static NodeOptions manager() {
    var node = TestBed.node(1, 2);
    return new NodeOptions("swarm", node.image(), node.address(), node.tls(), node.container());
  }

  /** Both engines of the bed in one swarm, as far as this machine's loopback allows. */
  private static final class Swarm implements AutoCloseable {
    private final List<String> ids = new ArrayList<>();

    Swarm() throws Exception {
      var ports = new ArrayList<String>();
      for (int number = 1; number <= 2; number++) {
        try (var socket = new ServerSocket(0)) {
          ports.add("127.0.0.1:" + socket.getLocalPort());
        }
      }
      try {
        docker(1, "swarm", "init", "--advertise-addr", ports.get(0), "--listen-addr", ports.get(0));
        var token = docker(1, "swarm", "join-token", "-q", "worker");
        docker(
            2,
            "swarm",
            "join",
            "--token",
            token,
            "--advertise-addr",
            ports.get(1),
            "--listen-addr",
            ports.get(1),
            ports.get(0));
        for (int number = 1; number <= 2; number++) {
          ids.add(docker(number, "info", "--format", "{{.Swarm.NodeID}}"));
          // Both have one host's name and address.
          label(number, "joyoi.name=docker-" + number);
          label(number, "joyoi.address=" + TestBed.node(number, 1).address());
        }
      } catch (Exception e) {
        close();
        throw e;
      }
    }

    void label(int number, String label) throws Exception {
      update(number, "--label-add", label);
    }

    void update(int number, String... change) throws Exception {
      var command = new ArrayList<>(List.of("node", "update"));
      command.addAll(List.of(change));
      command.add(ids.get(number - 1));
      docker(1, command.toArray(String[]::new));
    }

    /** There is none any more. */
    void end() throws Exception {
      docker(2, "swarm", "leave", "--force");
      docker(1, "swarm", "leave", "--force");
    }

    @Override
    public void close() {
      for (int number = 2; number >= 1; number--) {
        try {
          docker(number, "swarm", "leave", "--force");
        } catch (Exception e) {
          // It had left, or never was there.
        }
      }
    }

    private static String docker(int number, String... arguments) throws Exception {
      var command = new ArrayList<String>();
      command.addAll(
          List.of(
              "docker",
              "-H",
              "unix://" + TestBed.required("JOYOI_TEST_NODE_" + number + "_SOCKET")));
      command.addAll(List.of(arguments));
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      var output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new IllegalStateException(String.join(" ", arguments) + ": " + output);
      }
      return output;
    }
  }
}
