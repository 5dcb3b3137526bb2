package com.joyoi.management.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.docker.FakeDockerEngine;
import com.joyoi.management.engine.StateMachineEngine.Privilege;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.ActorLanguage;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.node.NodeConnection;
import com.joyoi.management.settings.ServiceOptions;
import com.joyoi.management.usercode.RunActorParam;
import com.joyoi.management.usercode.StateMachine;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A service within this program, whose only node is down. */
class EmbeddingTest {
  @TempDir private Path folder;

  /** Runs no actor, and so needs no node. */
  private static final class Idle extends StateMachine {
    @Override
    public CompletableFuture<Void> runAsync() {
      return completed();
    }
  }

  private static final class Greet extends StateMachine {
    @Override
    public CompletableFuture<Void> runAsync() {
      return deployAndRunActorAsync(new RunActorParam("Greeter")).thenApply(run -> null);
    }
  }

  private ServiceOptions options(String name) {
    return ServiceOptions.builder()
        .name(name)
        .dataDir(folder)
        .nodes(
            new NodeOptions(
                "down",
                "joyoi",
                "unix://" + folder.resolve("none.sock"),
                null,
                NodeOptions.LOCAL.container()))
        .build();
  }

  private ServiceBuilder builder(String name) {
    return ManagementService.builder(options(name)).register("Idle", Idle::new);
  }

  private static void runsIdle(ManagementService service) {
    var request = new InstanceRequest("Idle", List.of());
    var instance = service.instances().create(request, Privilege.SUBMIT);
    assertThat(service.instances().ended(instance.id()).join().status())
        .isEqualTo(InstanceStatus.SUCCEEDED);
  }

  @Test
  void secondService_ofOneNameOnOneEmbeddedDatabase_isRefused() {
    var fenced = new CountDownLatch(1);
    try (var first = builder("One").onFenced(fenced::countDown).start()) {
      assertThatThrownBy(() -> builder("One").start())
          .isInstanceOfSatisfying(
              JoyoiException.class,
              e -> assertThat(e.kind()).isEqualTo(JoyoiException.Kind.CONFLICT))
          .hasMessageContaining("a service with the name 'One' runs on this database");

      runsIdle(first);
      assertThat(fenced.getCount()).isEqualTo(1);
    }
  }

  @Test
  void services_ofTwoNamesOnOneEmbeddedDatabase_runBesideEachOther() {
    try (var first = builder("One").start();
        var second = builder("Two").start()) {
      runsIdle(first);
      runsIdle(second);
    }
  }

  @Test
  void name_ofAServiceThatWasClosed_isFreeAtOnce() {
    for (int i = 0; i < 3; i++) {
      try (var service = builder("One").start()) {
        runsIdle(service);
      }
    }
  }

  @Test
  void name_ofAStartThatFailed_isFree() {
    var tls = new NodeOptions.Tls(folder.resolve("none.pfx"), "", null);
    var node = new NodeOptions("n", "i", "tcp://a:1", tls, NodeOptions.LOCAL.container());
    var broken = options("One").toBuilder().nodes(node).build();
    assertThatThrownBy(() -> ManagementService.builder(broken).start())
        .hasMessageContaining("none.pfx");

    try (var service = builder("One").start()) {
      runsIdle(service);
    }
  }

  @Test
  void replacement_ofAServiceInThisProgram_fencesIt() throws InterruptedException {
    var fenced = new CountDownLatch(1);
    try (var first = builder("One").onFenced(fenced::countDown).start()) {
      var replacing = options("One").toBuilder().replace(true).build();
      try (var second = ManagementService.builder(replacing).register("Idle", Idle::new).start()) {
        fenced.await();
        first.close();
        runsIdle(second);
        assertThatThrownBy(() -> builder("One").start()).isInstanceOf(JoyoiException.class);
      }
    }
  }

  @Test
  void run_whoseNodesAreDown_saysWhatItWaitsFor() {
    try (var service = builder("One").register("Greet", Greet::new).start()) {
      service.actors().create("Greeter", ActorLanguage.BASH, "echo hello");
      var request = new InstanceRequest("Greet", List.of());
      var instance = service.instances().create(request, Privilege.SUBMIT);

      var waiting = awaitNote(service, instance);

      assertThat(waiting.status()).isEqualTo(InstanceStatus.RUNNING);
      assertThat(waiting.exception())
          .startsWith("actor Greeter waits for a node: down at unix://")
          .contains("none.sock does not answer: ");
    }
  }

  private static Instance awaitNote(ManagementService service, Instance instance) {
    while (true) {
      var now = service.instances().find(instance.id()).orElseThrow();
      if (now.exception() != null) {
        return now;
      }
      Thread.onSpinWait();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Idle", "idle", "All", "", "a/b"})
  void register_ofANameThatIsTakenOrNone_isRefused(String name) {
    var builder = builder("One");

    assertThatThrownBy(() -> builder.register(name, Idle::new))
        .isInstanceOf(JoyoiException.class)
        .hasMessageContaining(name.isEmpty() ? "''" : name);
  }

  @Test
  @SuppressWarnings("NullAway") // what a program without such a check hands in
  void builder_handedNull_saysWhatIsMissing() {
    var builder = builder("One");

    assertThatThrownBy(() -> ManagementService.builder(null)).hasMessageStartingWith("options is");
    assertThatThrownBy(() -> builder.register(null, Idle::new))
        .hasMessageStartingWith("the name of a state machine is missing");
    assertThatThrownBy(() -> builder.register("Other", null))
        .hasMessageStartingWith("the factory of state machine 'Other' is missing");
    assertThatThrownBy(() -> builder.onFenced(null)).hasMessageContaining("onFenced is missing");
    assertThatThrownBy(() -> builder.clock(null)).hasMessageContaining("clock is missing");
  }

  @Test
  void guardedHosts_areThoseOfNodesAndDatabase() {
    var node = NodeOptions.LOCAL.container();
    var options =
        ServiceOptions.builder()
            .nodes(
                NodeOptions.LOCAL,
                new NodeOptions("a", "i", "tcp://Docker-1:2376", null, node),
                new NodeOptions("b", "i", "https://[2001:db8::7]:2376", null, node))
            .database(new ServiceOptions.Database("jdbc:mysql://db-1,db-2:3307/oj", "u", "p"))
            .build();

    var connections =
        options.nodes().stream()
            .map(one -> new NodeConnection(one, new FakeDockerEngine()))
            .toList();

    assertThat(GuardedHosts.of(options, connections))
        .containsExactlyInAnyOrder("docker-1", "[2001:db8::7]", "db-1", "db-2");
    assertThat(GuardedHosts.ofDatabase("jdbc:mysql://u:p@[::5]:3306/oj?x=//y"))
        .containsExactly("[::5]");
    assertThat(GuardedHosts.ofDatabase("jdbc:mysql://address=(host=db-3)(port=1)/oj"))
        .containsExactly("db-3");
    assertThat(GuardedHosts.ofDatabase("jdbc:h2:tcp://db-4:9092/oj")).containsExactly("db-4");
    assertThat(GuardedHosts.ofDatabase("jdbc:h2:file:/data/joyoi;A=1")).isEmpty();
  }
}
