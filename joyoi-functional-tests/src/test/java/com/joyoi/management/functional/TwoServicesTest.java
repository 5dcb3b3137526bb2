package com.joyoi.management.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.joyoi.management.functional.persistence.LiveDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two services on one database and the same nodes, one of which dies, or is paused. */
@RunsActors
@LeftOut("it needs services that it may kill")
class TwoServicesTest {
  /** As many as nodes have slots, some more that wait, and each has two stages. */
  private static final int INSTANCES = 20;

  @TempDir Path folder;
  @RegisterExtension final ServiceProcesses processes = new ServiceProcesses();
  private final String first = "First-" + UUID.randomUUID();
  private final String second = "Second-" + UUID.randomUUID();
  private LiveDatabase database;

  @BeforeEach
  void makeDatabase() throws Exception {
    database = LiveDatabase.make();
  }

  @AfterEach
  void dropDatabase() throws Exception {
    processes.closeAll();
    Containers.removeAll(first);
    Containers.removeAll(second);
    database.close();
  }

  private ServiceProcess start(String name) throws Exception {
    var own = Files.createDirectory(folder.resolve(name));
    var server = database.database();
    var connection = server.jdbcUrl() + "?user=" + server.user() + "&password=" + server.password();
    return processes.start(
        ServiceSetup.of(own, name)
            .withEnvironment(
                Map.of(
                    "ConnectionStrings__DefaultConnection", connection,
                    "TakeOver__Enabled", "true",
                    "TakeOver__LeaseSeconds", "10")));
  }

  private static List<String> create(ServiceProcess service) throws InterruptedException {
    service.loadPrograms();
    var ids = new ArrayList<String>();
    for (int i = 0; i < INSTANCES; i++) {
      ids.add(service.create("TwoStages"));
    }
    return ids;
  }

  private static JsonNode status(ServiceProcess asked, String name) throws InterruptedException {
    return StreamSupport.stream(asked.get("/api/v1/Service/All").spliterator(), false)
        .filter(service -> service.path("name").asText().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static void assertSucceeded(ServiceProcess asked, List<String> ids)
      throws InterruptedException {
    for (var id : ids) {
      var ended = asked.ended(id);
      assertThat(ended.path("status").asText()).as(ended.toString()).isEqualTo("Succeeded");
      assertThat(ended.path("startedActors")).as(ended.toString()).hasSize(2);
    }
  }

  @Test
  void instances_ofAServiceThatIsKilled_areDoneByTheOther() throws Exception {
    var killed = start(first);
    var other = start(second);
    var ids = create(killed);
    assertThat(status(other, first).path("state").asText()).isEqualTo("Running");

    killed.kill();

    assertSucceeded(other, ids);
    var owners = new HashSet<String>();
    for (var id : ids) {
      owners.add(other.instance(id).path("fromManagementService").asText());
    }
    assertThat(owners).contains(second);
    assertThat(status(other, first).path("state").asText()).isEqualTo("Silent");
    Eventually.await(
        "nothing of the dead one is left on a node", () -> Containers.ofService(first).isEmpty());
    assertThat(other.terminate()).isZero();
  }

  @Test
  void service_thatIsPausedForLonger_findsItsInstancesTaken() throws Exception {
    var paused = start(first);
    var other = start(second);
    var ids = create(paused);
    paused.signal("STOP");

    assertSucceeded(other, ids);
    paused.signal("CONT");

    Eventually.await(
        "it is heard of again",
        () -> status(other, first).path("state").asText().equals("Running"));
    Eventually.await(
        "it runs none of them any more",
        () -> status(other, first).path("runningInstances").asInt(-1) == 0);
    assertSucceeded(paused, ids);
    // It goes on with what comes.
    assertThat(paused.ended(paused.create("TwoStages")).path("status").asText())
        .isEqualTo("Succeeded");
    assertThat(paused.terminate()).isZero();
    assertThat(other.terminate()).isZero();
    assertThat(Containers.ofService(first)).isEmpty();
  }
}
