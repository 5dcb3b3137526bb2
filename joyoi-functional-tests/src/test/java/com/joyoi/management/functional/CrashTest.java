package com.joyoi.management.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.joyoi.management.docker.ContainerSummary;
import com.joyoi.management.functional.persistence.LiveDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of instances when the service's process ends, in whatever way. */
@RunsActors
@LeftOut("it needs services that it may kill")
class CrashTest {
  /** Of both nodes. */
  private static final int SLOTS = 8;

  /** More than have a slot, and more than are taken up at once. */
  private static final int LEFT = 30;

  /** Of a run. */
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  @TempDir Path folder;
  @RegisterExtension final ServiceProcesses processes = new ServiceProcesses();
  private final String name = "Crash-" + UUID.randomUUID();

  @Test
  void instance_whoseServiceIsKilled_goesOnWithoutRepeatingWhatEnded() throws Exception {
    var setup = ServiceSetup.of(folder, name);
    var first = processes.start(setup);
    first.loadPrograms();
    var id = first.create("FourStages");
    var slow = awaitSlow(first, id);
    first.kill();

    var second = processes.start(setup);
    var ended = second.ended(id);

    assertThat(ended.path("status").asText()).isEqualTo("Succeeded");
    assertThat(containers(ended)).hasSize(4).startsWith(slow.get(0), slow.get(1));
    assertThat(containers(ended).get(2)).isNotEqualTo(slow.get(2));
    Eventually.await(
        "the dead session's container is gone", () -> Containers.ofService(name).isEmpty());
    assertThat(second.terminate()).isZero();
  }

  @Test
  void programs_thatNeverEnd_areDeadSoonAfterTheirService() throws Exception {
    // A container that the engine is making when the service dies would come after all is removed.
    var service =
        processes.start(
            ServiceSetup.of(folder, name)
                .withEnvironment(
                    Map.of(
                        "JoyOIManagement__Limitation__ExecutionTimeout",
                        String.valueOf(TIMEOUT.toMillis()),
                        "JoyOIManagement__Nodes__docker-1__Container__WarmSandboxes",
                        "0",
                        "JoyOIManagement__Nodes__docker-2__Container__WarmSandboxes",
                        "0")));
    service.loadPrograms();
    var ids = new ArrayList<String>();
    for (int i = 0; i < SLOTS; i++) {
      ids.add(service.create(i % 2 == 0 ? "OnlySpins" : "OnlyClings"));
    }
    for (var id : ids) {
      Eventually.await("it runs", () -> isRunning(service.instance(id).path("startedActors")));
    }
    var containers = Containers.ofService(name).stream().map(ContainerSummary::id).toList();
    assertThat(containers).hasSize(SLOTS);
    // Each has process 1 and the actor's own, and half of them have two more.
    Eventually.await(
        "all have their processes", () -> ContainerProcesses.of(containers).size() >= SLOTS * 3);

    service.kill();
    var killed = System.nanoTime();

    // Nobody starts it again: what ends them is the end of their connections.
    Eventually.await(
        "nothing of them is left to use a processor",
        () -> ContainerProcesses.of(containers).isEmpty());
    assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(TIMEOUT.plusSeconds(10));
    Containers.removeAll(name);
  }

  @Test
  void service_answersWhileItTakesUpWhatWasLeft() throws Exception {
    try (var database = LiveDatabase.make()) {
      var server = database.database();
      var setup =
          ServiceSetup.of(folder, name)
              .withEnvironment(
                  Map.of(
                      "ConnectionStrings__DefaultConnection",
                      server.jdbcUrl()
                          + "?user="
                          + server.user()
                          + "&password="
                          + server.password()));
      var first = processes.start(setup);
      first.loadPrograms();
      var ids = new ArrayList<String>();
      for (int i = 0; i < LEFT; i++) {
        ids.add(first.create("OnlyForever"));
      }
      first.kill();

      var deleted = ids.getLast();
      try (var connection = database.connect()) {
        // Whoever takes one of them up has to wait; nobody else has.
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        try (var lock =
            connection.prepareStatement("SELECT id FROM joyoi_instance WHERE id = ? FOR UPDATE")) {
          // One by one: a scan of an index keeps rows locked that it has only passed.
          for (var id : ids.subList(0, LEFT - 1)) {
            lock.setString(1, id);
            lock.executeQuery().close();
          }
        }
        var second = processes.start(setup);
        assertThat(second.instance(ids.getFirst()).path("status").asText()).isEqualTo("Running");
        second.delete(deleted);
        assertThat(second.ended(second.create("TwoStages")).path("status").asText())
            .isEqualTo("Succeeded");
        assertThat(second.log()).contains("Taking up").doesNotContain("have been taken up");
        assertThat(second.terminate()).isZero();
        connection.rollback();
      }

      var third = processes.start(setup);
      Eventually.await("all are taken up", () -> third.log().contains("have been taken up"));
      for (var id : ids.subList(0, LEFT - 1)) {
        var instance = third.instance(id);
        assertThat(instance.path("status").asText()).isEqualTo("Running");
        assertThat(instance.path("reRunTimes").asInt(-1)).isZero();
        third.delete(id);
      }
      assertThat(third.terminate()).isZero();
      processes.closeAll();
      Containers.removeAll(name);
    }
  }

  private static boolean isRunning(JsonNode runs) {
    return Containers.isRunning(
        runs.path(0).path("usedNode").textValue(), runs.path(0).path("usedContainer").textValue());
  }

  @Test
  void actor_thatRunsWhenTheServiceIsTerminated_mayEnd() throws Exception {
    var setup = ServiceSetup.of(folder, name);
    var first = processes.start(setup);
    first.loadPrograms();
    var id = first.create("FourStages");
    var before = awaitSlow(first, id);

    assertThat(first.terminate()).isZero();
    assertThat(Containers.ofService(name)).isEmpty();

    var second = processes.start(setup);
    var ended = second.ended(id);

    assertThat(ended.path("status").asText()).isEqualTo("Succeeded");
    assertThat(ended.path("reRunTimes").asInt(-1)).isZero();
    assertThat(containers(ended)).hasSize(4).startsWith(before.toArray(String[]::new));
    assertThat(second.terminate()).isZero();
  }

  /** The containers of the runs until the third one, which is under way. */
  private static List<String> awaitSlow(ServiceProcess service, String id)
      throws InterruptedException {
    Eventually.await(
        "the third run is under way",
        () -> {
          var runs = service.instance(id).path("startedActors");
          return Containers.isRunning(
              runs.path(2).path("usedNode").textValue(),
              runs.path(2).path("usedContainer").textValue());
        });
    return containers(service.instance(id));
  }

  private static List<String> containers(JsonNode instance) {
    return StreamSupport.stream(instance.path("startedActors").spliterator(), false)
        .map(run -> run.path("usedContainer").asText())
        .toList();
  }
}
