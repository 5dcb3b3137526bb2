package com.joyoi.management.functional.chaos;

import com.joyoi.management.callback.Receiver;
import com.joyoi.management.functional.TestBed;
import com.joyoi.management.functional.persistence.LiveDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** All that can be broken: one or two services, both nodes, the database, and what is between. */
final class World implements AutoCloseable {
  private final Setup setup;
  private final LiveDatabase schema;
  private final Receiver receiver = new Receiver();
  private final RunningPrograms programs = new RunningPrograms();
  private final List<ChaosService> services = new ArrayList<>();
  private final List<String> names = new ArrayList<>();

  /** Confined to the thread that runs the round. */
  private final List<String> notes = new ArrayList<>();

  /**
   * What there is.
   *
   * @param maxRunningJobs of each node
   * @param withFailingNode whether there is one more node, which answers and fails every run
   */
  record Setup(int services, int maxRunningJobs, boolean withFailingNode) {
    /** Nodes that work. */
    static final int NODES = 2;

    static Setup of(int services) {
      return new Setup(services, 4, false);
    }

    int nodes() {
      return withFailingNode ? NODES + 1 : NODES;
    }
  }

  /**
   * @param folder new; for the services' configuration, data and logs
   */
  World(Path folder, List<String> jvmOptions, Setup setup)
      throws SQLException, IOException, InterruptedException {
    this.setup = setup;
    schema = LiveDatabase.make();
    try {
      for (int i = 1; i <= setup.services(); i++) {
        var name = TestBed.serviceName("Chaos" + i);
        var hosts = "127.0.0.1:" + receiver.port();
        var service =
            new ChaosService(
                name, folder.resolve("service-" + i), setup, jvmOptions, schema, hosts);
        services.add(service);
        names.add(name);
        service.start();
      }
      load();
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private void load() throws InterruptedException {
    for (var actor : Jobs.ACTORS.entrySet()) {
      var body = Map.of("name", actor.getKey(), "language", "bash", "body", actor.getValue());
      load("/api/v1/Actor", body);
    }
    for (var machine : Jobs.STATE_MACHINES.entrySet()) {
      var body = Map.of("name", machine.getKey(), "body", machine.getValue());
      load("/api/v1/StateMachine", body);
    }
  }

  private void load(String path, Map<String, String> body) throws InterruptedException {
    var answer =
        services.getFirst().put(path, body, String.valueOf(body.get("name"))).orElseThrow();
    if (!answer.isOk()) {
      throw new IllegalStateException(path + " was answered with " + answer);
    }
  }

  Setup setup() {
    return setup;
  }

  List<ChaosService> services() {
    return services;
  }

  /** For the report of the round. */
  void note(String text) {
    notes.add(text);
  }

  List<String> takeNotes() {
    var taken = List.copyOf(notes);
    notes.clear();
    return taken;
  }

  /** Of all services that there were. */
  List<String> names() {
    return names;
  }

  ChaosService any(Random random) {
    return services.get(random.nextInt(services.size()));
  }

  Receiver receiver() {
    return receiver;
  }

  RunningPrograms programs() {
    return programs;
  }

  /** Addresses of the database's nodes when it is a cluster, else nothing. */
  static List<String> cluster() {
    var addresses = System.getenv("JOYOI_TEST_GALERA");
    return addresses == null || addresses.isEmpty() ? List.of() : List.of(addresses.split(","));
  }

  /** Lets time pass. */
  static void pass(long millis) throws InterruptedException {
    var unused = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() throws SQLException, InterruptedException {
    for (var service : services) {
      service.heal();
      try {
        service.terminate();
      } catch (AssertionError e) {
        // What is wrong with it was said before.
      }
      service.close();
    }
    receiver.close();
    programs.close();
    schema.close();
  }
}
