package com.joyoi.management.functional;

import com.joyoi.management.bootstrap.ManagementService;
import com.joyoi.management.engine.StateMachineEngine.Privilege;
import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.NodeStatus;
import com.joyoi.management.settings.ServiceOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A service of its own name on all nodes and the database server, with the programs loaded; the
 * tests of a class share it. At the end it fails when a lease is still held, or somebody waits.
 */
final class LiveService implements BeforeAllCallback, AfterAllCallback {
  private static final Path FOLDER = Path.of(System.getProperty("java.io.tmpdir"), "joyoi-live");

  private final String name;
  private @Nullable ManagementService service;
  private @Nullable BlobReference input;

  LiveService(String title) {
    name = TestBed.serviceName(title);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    start();
    Programs.load(get());
    input = Programs.blob(get().blobs(), "in.txt", "abc\n");
  }

  @Override
  public void afterAll(ExtensionContext context) throws InterruptedException {
    var running = get();
    try {
      Eventually.await(
          "all leases are released, and nobody waits for one",
          () ->
              running.nodes().waiting().isEmpty()
                  && running.nodes().status().stream().allMatch(node -> node.runningJobs() == 0));
    } finally {
      running.close();
      removeFolder();
    }
  }

  /** What a service leaves there is for its next start. */
  private static void removeFolder() {
    if (LiveConfiguration.current().isEmpty() && Files.exists(FOLDER)) {
      try (var files = Files.walk(FOLDER)) {
        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  String name() {
    return name;
  }

  ManagementService get() {
    if (service == null) {
      throw new IllegalStateException("the service has not been started");
    }
    return service;
  }

  void restart() {
    get().close();
    start();
  }

  private void start() {
    service = start(name);
  }

  /** Another service on the same nodes and the same database. */
  static ManagementService start(String name) {
    // When a server holds the data, nothing is written to the folder but whose code runs.
    var folder = LiveConfiguration.current().map(LiveConfiguration::folder).orElse(FOLDER);
    ServiceOptions options = TestBed.options(name, folder, TestBed.database());
    return ManagementService.builder(options).start();
  }

  Instance create(String machine) {
    return create(new InstanceRequest(machine, List.of(input())));
  }

  Instance create(InstanceRequest request) {
    return get().instances().create(request, Privilege.ADMIN);
  }

  BlobReference input() {
    if (input == null) {
      throw new IllegalStateException("the service has not been started");
    }
    return input;
  }

  Instance ended(Instance instance) {
    return get().instances().ended(instance.id()).orTimeout(5, TimeUnit.MINUTES).join();
  }

  Instance now(Instance instance) {
    return get().instances().find(instance.id()).orElseThrow();
  }

  NodeStatus node(String node) {
    return get().nodes().status().stream()
        .filter(status -> status.name().equals(node))
        .findFirst()
        .orElseThrow();
  }

  /** The run of an actor, once it has a container that runs. */
  ActorRun awaitRunning(Instance instance, String actor) throws InterruptedException {
    Eventually.await(
        actor + " runs",
        () ->
            runs(instance, actor).stream()
                .anyMatch(run -> Containers.isRunning(run.usedNode(), run.usedContainer())));
    return runs(instance, actor).getLast();
  }

  List<ActorRun> runs(Instance instance, String actor) {
    return now(instance).startedActors().stream().filter(run -> run.name().equals(actor)).toList();
  }
}
