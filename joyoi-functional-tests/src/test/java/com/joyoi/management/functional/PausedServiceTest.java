package com.joyoi.management.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.joyoi.management.functional.persistence.LiveDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What calls to one service do to instances of another one that stands still, or lives. */
@RunsActors
@LeftOut("it needs services that it may pause")
class PausedServiceTest {
  /** As promised for nodes that answer, and some for this machine. */
  private static final Duration SOON = Duration.ofSeconds(3);

  @TempDir Path folder;
  @RegisterExtension final ServiceProcesses processes = new ServiceProcesses();
  private final String first = "Paused-" + UUID.randomUUID();
  private final String second = "Asked-" + UUID.randomUUID();
  private LiveDatabase database;
  private ServiceProcess owner;
  private ServiceProcess asked;

  @BeforeEach
  void start() throws Exception {
    database = LiveDatabase.make();
    owner = start(first);
    asked = start(second);
    owner.loadPrograms();
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
            .withEnvironment(Map.of("ConnectionStrings__DefaultConnection", connection)));
  }

  private JsonNode placed(String id) throws InterruptedException {
    Eventually.await(
        "its place is known",
        () -> asked.instance(id).path("startedActors").path(0).path("usedContainer").isTextual());
    return asked.instance(id).path("startedActors").path(0);
  }

  private static void awaitEnd(JsonNode run) throws InterruptedException {
    var begin = System.nanoTime();
    Eventually.await(
        "its program has ended",
        () ->
            !Containers.isRunning(
                run.path("usedNode").asText(), run.path("usedContainer").asText()));
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(SOON);
  }

  @Test
  void delete_endsTheProgramsOfAServiceThatStandsStill() throws Exception {
    var deleted = owner.create("OnlyForever");
    var other = owner.create("OnlyForever");
    var run = placed(deleted);
    var otherRun = placed(other);
    owner.signal("STOP");

    asked.delete(deleted);

    awaitEnd(run);
    assertThat(
            Containers.isRunning(
                otherRun.path("usedNode").asText(), otherRun.path("usedContainer").asText()))
        .isTrue();
    owner.signal("CONT");
    Eventually.await("its container is removed", () -> isGone(run));
    owner.delete(other);
    assertThat(owner.log()).doesNotContain("attempt 1 of");
    assertThat(owner.terminate()).isZero();
    assertThat(Containers.ofService(first)).isEmpty();
  }

  @Test
  void patch_endsTheProgramsOfAServiceThatStandsStill_andRunsThemItself() throws Exception {
    var id = owner.create("OnlyForever");
    var run = placed(id);
    owner.signal("STOP");

    asked.patch(id);

    awaitEnd(run);
    Eventually.await(
        "the other one runs it",
        () -> asked.instance(id).path("fromManagementService").asText().equals(second));
    var again = placed(id);
    owner.signal("CONT");
    Eventually.await("nothing is left of it", () -> isGone(run));
    assertThat(
            Containers.isRunning(
                again.path("usedNode").asText(), again.path("usedContainer").asText()))
        .isTrue();
    asked.delete(id);
    assertThat(owner.terminate()).isZero();
  }

  private static boolean isGone(JsonNode run) {
    return !Containers.exists(run.path("usedNode").asText(), run.path("usedContainer").asText());
  }

  @Test
  void delete_ofWhatALivingServiceRuns_blamesNoNode() throws Exception {
    var id = owner.create("OnlyForever");
    var run = placed(id);

    asked.delete(id);

    awaitEnd(run);
    Eventually.await("its container is removed", () -> isGone(run));
    assertThat(owner.log()).doesNotContain("attempt 1 of");
    assertThat(owner.terminate()).isZero();
    assertThat(Containers.ofService(first)).isEmpty();
  }
}
