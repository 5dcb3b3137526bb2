package com.joyoi.management.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.functional.persistence.LiveDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two services on one database and one engine keep its {@code MaxRunningJobs} together. */
@RunsActors
@LeftOut("it needs services that it may kill")
class SharedNodeTest {
  private static final int LIMIT = 4;

  /** Says when it ran, by the clock of the machine that all containers share. */
  private static final String TIMED =
      """
      set -e
      date +%s%N > out.txt
      sleep 1
      date +%s%N >> out.txt
      echo '{"Outputs": ["out.txt"]}' > return.json
      """;

  private static final String MACHINE =
      """
      import com.joyoi.management.usercode.*;
      import java.util.concurrent.CompletableFuture;

      public class TimedRuns extends StateMachine {
        @Override
        public CompletableFuture<Void> runAsync() {
          return deployAndRunActorAsync(new RunActorParam("Timed", java.util.List.of()))
              .thenApply(run -> null);
        }
      }
      """;

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

  /** Under another name of the node, and with another bound. */
  private ServiceProcess start(String name, String node, int maxRunningJobs) throws Exception {
    var own = Files.createDirectory(folder.resolve(name));
    var server = database.database();
    var options = TestBed.node(1, maxRunningJobs);
    var tls = TestBed.tls();
    var service =
        processes.start(
            ServiceSetup.of(
                own,
                Map.of(
                    "ConnectionStrings",
                    Map.of(
                        "DefaultConnection",
                        server.jdbcUrl()
                            + "?user="
                            + server.user()
                            + "&password="
                            + server.password()),
                    "TakeOver",
                    Map.of("LeaseSeconds", 10),
                    "JoyOIManagement",
                    Map.of(
                        "Name",
                        name,
                        "DataDir",
                        "data",
                        "Nodes",
                        Map.of(
                            node,
                            Map.of(
                                "Image", options.image(),
                                "Address", options.address(),
                                "ClientCertificatePath", tls.clientCertificate().toString(),
                                "ClientCertificatePassword", tls.password(),
                                "CaCertificatePath", String.valueOf(tls.caCertificate()),
                                "Container", Map.of("MaxRunningJobs", maxRunningJobs)))))));
    service.load("Actor", "Timed", Map.of("language", "bash", "body", TIMED));
    service.load("StateMachine", "TimedRuns", Map.of("body", MACHINE));
    return service;
  }

  private static List<String> create(ServiceProcess service, int count)
      throws InterruptedException {
    var ids = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      ids.add(service.create("TimedRuns"));
    }
    return ids;
  }

  /** When a program ran, in nanoseconds. */
  private record Span(long from, long to) {}

  private static List<Span> spans(ServiceProcess asked, List<String> ids)
      throws InterruptedException {
    var spans = new ArrayList<Span>();
    for (var id : ids) {
      var ended = asked.ended(id);
      assertThat(ended.path("status").asText()).as(ended.toString()).isEqualTo("Succeeded");
      for (var run : ended.path("startedActors")) {
        var times = asked.blob(run.path("outputs").path(0).path("id").asText()).split("\n");
        spans.add(new Span(Long.parseLong(times[0]), Long.parseLong(times[1])));
      }
    }
    return spans;
  }

  private static long mostAtOnce(List<Span> spans) {
    return spans.stream()
        .mapToLong(
            at ->
                spans.stream()
                    .filter(span -> span.from() <= at.from() && at.from() < span.to())
                    .count())
        .max()
        .orElse(0);
  }

  private static int slots(ServiceProcess service) throws InterruptedException {
    return service.get("/api/v1/DockerNode/All").path(0).path("slots").asInt(-1);
  }

  @Test
  void services_thatShareANode_keepItsBoundTogether() throws Exception {
    var one = start(first, "mine", LIMIT);
    Eventually.await("the one that is alone holds all", () -> slots(one) == LIMIT);
    var two = start(second, "theirs", 6);
    var ofOne = create(one, 40);
    var ofTwo = create(two, 20);

    Eventually.await("both have a part", () -> slots(one) > 0 && slots(two) > 0);
    var spansOfOne = spans(one, ofOne);
    var spansOfTwo = spans(two, ofTwo);
    var all = new ArrayList<>(spansOfOne);
    all.addAll(spansOfTwo);
    assertThat(mostAtOnce(all)).isLessThanOrEqualTo(LIMIT);
    assertThat(mostAtOnce(spansOfTwo)).isPositive();
    // Neither waited for the end of the other.
    assertThat(spansOfTwo.stream().mapToLong(Span::from).min().orElseThrow())
        .isLessThan(spansOfOne.stream().mapToLong(Span::to).max().orElseThrow());
    assertThat(one.get("/api/v1/DockerNode/All").path(0).path("engineId").asText())
        .isEqualTo(two.get("/api/v1/DockerNode/All").path(0).path("engineId").asText());

    one.kill();
    Eventually.await("the other one has all", () -> slots(two) >= LIMIT);
  }

  @Test
  void service_thatIsPaused_startsNothingInSlotsThatAreOthersByThen() throws Exception {
    var paused = start(first, "mine", LIMIT);
    var ids = create(paused, 24);
    var other = start(second, "theirs", LIMIT);
    Eventually.await("both have a part", () -> slots(paused) > 0 && slots(other) > 0);

    signal(paused, "STOP");
    Eventually.await("the other one has all", () -> slots(other) == LIMIT);
    ids.addAll(create(other, 16));
    signal(paused, "CONT");

    assertThat(mostAtOnce(spans(other, ids))).isLessThanOrEqualTo(LIMIT);
    assertThat(paused.terminate()).isZero();
    assertThat(other.terminate()).isZero();
  }

  private static void signal(ServiceProcess service, String signal)
      throws IOException, InterruptedException {
    var kill = new ProcessBuilder("kill", "-" + signal, String.valueOf(service.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }
}
