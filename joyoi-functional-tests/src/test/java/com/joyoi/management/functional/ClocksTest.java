package com.joyoi.management.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.joyoi.management.functional.persistence.LiveDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two services on one database, one of which believes that it is an hour later: a library stands
 * between its process and the machine's clock (package faketime), and leaves the monotonic one.
 */
@RunsActors
@LeftOut("it needs services that it may kill")
class ClocksTest {
  private static final Path LIBRARIES = Path.of("/usr/lib");
  private static final int INSTANCES = 6;

  /** It looks each half of that, and would find everything too old at its first look. */
  private static final Duration KEPT = Duration.ofMinutes(2);

  private static final Duration AHEAD = Duration.ofHours(1);

  @TempDir Path folder;
  @RegisterExtension final ServiceProcesses processes = new ServiceProcesses();
  private final String right = "Right-" + UUID.randomUUID();
  private final String ahead = "Ahead-" + UUID.randomUUID();
  private LiveDatabase database;

  @BeforeEach
  void makeDatabase() throws Exception {
    database = LiveDatabase.make();
  }

  @AfterEach
  void dropDatabase() throws Exception {
    processes.closeAll();
    Containers.removeAll(right);
    Containers.removeAll(ahead);
    database.close();
  }

  private static Optional<Path> library() {
    try (var files = Files.find(LIBRARIES, 4, (path, of) -> path.endsWith("libfaketime.so.1"))) {
      return files.findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ServiceProcess start(String name, Map<String, String> environment) throws Exception {
    var own = Files.createDirectory(folder.resolve(name));
    var server = database.database();
    var connection = server.jdbcUrl() + "?user=" + server.user() + "&password=" + server.password();
    var all = new HashMap<>(environment);
    all.put("ConnectionStrings__DefaultConnection", connection);
    all.put("TakeOver__Enabled", "true");
    all.put("TakeOver__LeaseSeconds", "10");
    all.put("Retention__InstanceAge", KEPT.toMinutes() + "m");
    all.put("Retention__UnusedBlobAge", KEPT.toMinutes() + "m");
    all.put("JoyOIManagement__Limitation__InstanceLifetime", "1800000");
    return processes.start(ServiceSetup.of(own, name).withEnvironment(all));
  }

  private static void assertSucceeded(ServiceProcess asked, List<String> ids, Instant begin)
      throws InterruptedException {
    for (var id : ids) {
      var ended = asked.ended(id);
      assertThat(ended.path("status").asText()).as(ended.toString()).isEqualTo("Succeeded");
      assertThat(ended.path("startedActors")).as(ended.toString()).hasSize(2);
      assertThat(Instant.parse(ended.path("startTime").asText()))
          .isBetween(begin.minusSeconds(60), begin.plus(AHEAD).minusSeconds(60));
    }
  }

  @Tag("long")
  @Test
  void service_whoseClockIsAnHourAhead_harmsNothing() throws Exception {
    var library = library();
    assumeTrue(library.isPresent(), "libfaketime is not installed");
    var begin = Instant.now();
    var first = start(right, Map.of());
    first.loadPrograms();
    var second =
        start(
            ahead,
            Map.of(
                "LD_PRELOAD",
                library.get().toString(),
                "FAKETIME",
                "+" + AHEAD.toSeconds() + "s",
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1"));
    var started = Instant.now();
    var ids = new ArrayList<String>();
    for (int i = 0; i < INSTANCES; i++) {
      ids.add((i % 2 == 0 ? first : second).create("TwoStages"));
    }
    var fresh = first.put("/api/v1/Blob", Map.of("body", "ZnJlc2g=")).path("id").asText();
    var put = Instant.now();

    // Each is done by the service that accepted it, and lists are in the order of the calls.
    assertSucceeded(first, ids, begin);
    for (int i = 0; i < INSTANCES; i++) {
      assertThat(first.instance(ids.get(i)).path("fromManagementService").asText())
          .isEqualTo(i % 2 == 0 ? right : ahead);
    }
    var newestFirst = new ArrayList<>(ids);
    Collections.reverse(newestFirst);
    assertThat(ids(second.get("/api/v1/StateMachineInstance/All"))).isEqualTo(newestFirst);

    Eventually.await(
        "retention has looked",
        () -> Instant.now().isAfter(started.plus(KEPT.dividedBy(2)).plusSeconds(15)));
    assumeTrue(Instant.now().isBefore(put.plus(KEPT)), "this machine is too slow to tell");
    assertThat(first.blob(fresh)).isEqualTo("fresh");
    assertThat(ids(first.get("/api/v1/StateMachineInstance/All"))).isEqualTo(newestFirst);

    // What one leaves the other does, and has all the time for it.
    var left = new ArrayList<String>();
    for (int i = 0; i < INSTANCES; i++) {
      left.add(first.create("TwoStages"));
    }
    first.kill();
    assertSucceeded(second, left, begin);
    assertThat(second.terminate()).isZero();
  }

  private static List<String> ids(JsonNode instances) {
    return StreamSupport.stream(instances.spliterator(), false)
        .map(instance -> instance.path("id").asText())
        .toList();
  }
}
