package com.joyoi.management.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.actor.ActorRunner;
import com.joyoi.management.blame.RunningCode;
import com.joyoi.management.blob.BlobStore;
import com.joyoi.management.callback.CallbackPolicy;
import com.joyoi.management.catalog.ActorCatalog;
import com.joyoi.management.catalog.StateMachineCatalog;
import com.joyoi.management.compile.SourceCompiler;
import com.joyoi.management.concurrent.ManualTimers;
import com.joyoi.management.engine.StateMachineEngine.Privilege;
import com.joyoi.management.listing.TimeOrderedIds;
import com.joyoi.management.model.ActorLanguage;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.persistence.CountedDatabase;
import com.joyoi.management.persistence.TestDatabase;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** How much the database is asked for what the engine does. Containers are played. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class WritingContract {
  private static final int CASES = 20;

  private TestDatabase testDatabase;
  private CountedDatabase database;
  private BlobStore blobs;
  private Engine engine;
  private StateMachineCatalog stateMachines;

  /** A database that is empty. */
  protected abstract TestDatabase openDatabase() throws SQLException;

  @BeforeAll
  void open() throws SQLException {
    testDatabase = openDatabase();
    database = new CountedDatabase(testDatabase.settings());
    var persistence = database.persistence();
    var compiler = new SourceCompiler();
    var timers = new ManualTimers();
    blobs = BlobStore.over(persistence.blobs(), Clock.systemUTC()).ofReferred();
    stateMachines = StateMachineCatalog.over(persistence.stateMachines(), compiler);
    var actors = ActorCatalog.over(persistence.actors(), compiler);
    for (var name : List.of("CompileActor", "RunActor", "CompareActor", "ReportActor")) {
      actors.create(name, ActorLanguage.BASH, name);
    }
    engine =
        new Engine(
            new EngineParts(
                "Test",
                Limitation.DEFAULTS,
                () -> List.of(ContainerOptions.DEFAULTS),
                new InstanceStores(
                    persistence.instances(),
                    persistence.idempotencyKeys(),
                    persistence.instanceEvents()),
                stateMachines,
                actors,
                blobs,
                new ActorRunner(
                    new FakeNodePool(),
                    new FakeContainerRunner(),
                    blobs,
                    timers,
                    Thread::startVirtualThread),
                new EngineCallbacks(
                    new CallbackPolicy(null, Set::of), Duration.ofHours(1), () -> {}),
                timers,
                new TimeOrderedIds(Clock.systemUTC()),
                timers.clock(),
                10,
                RunningCode.unrecorded(),
                () -> {}));
  }

  @AfterAll
  void close() throws SQLException {
    engine.close();
    database.close();
    testDatabase.close();
  }

  @Test
  void instance_withoutActors_writesLittle() {
    machine("Empty", "return completed();");
    run("Empty");

    var asked = least(() -> run("Empty"));

    assertThat(asked.statements()).hasSizeLessThanOrEqualTo(9);
    assertThat(asked.transactions()).as(asked.text()).isLessThanOrEqualTo(3);
  }

  @Test
  void run_oneMore_writesLittle() {
    machine(
        "Runs",
        """
        for (int i = 0; i < Integer.parseInt(parameters().get("runs")); i++) {
          deployAndRunActorAsync(new RunActorParam("RunActor", initialBlobs(), "" + i)).join();
        }
        return completed();\
        """);
    var inputs = blobs("one", 4);
    runs(1, inputs);

    var two = least(() -> runs(2, inputs));
    var three = least(() -> runs(3, inputs));

    assertThat(three.statements().size() - two.statements().size())
        .as(three.text())
        .isLessThanOrEqualTo(8);
    assertThat(three.transactions() - two.transactions()).as(three.text()).isLessThanOrEqualTo(2);
  }

  @Test
  void submission_judgedWith20Cases_isFewTransactions() {
    machine(
        "Judge",
        """
        setStageAsync("Compile").join();
        var main = initialBlobs().get(0);
        var compiled =
            deployAndRunActorAsync(new RunActorParam("CompileActor", List.of(main))).join();
        setStageAsync("Run").join();
        var ran =
            deployAndRunActorsAsync(
                    initialBlobs().stream()
                        .map(
                            it ->
                                new RunActorParam(
                                    "RunActor",
                                    List.of(compiled.outputs().get(0), it.withName("input")),
                                    it.name())))
                .join();
        setStageAsync("Compare").join();
        for (var run : ran) {
          readAllText(run.outputs().get(0));
        }
        var compared =
            deployAndRunActorsAsync(
                    ran.stream()
                        .map(
                            it ->
                                new RunActorParam(
                                    "CompareActor", List.of(it.outputs().get(0)), it.tag())))
                .join();
        var report = new StringBuilder();
        for (var run : compared) {
          report.append(readAllText(run.outputs().get(0)));
        }
        setStageAsync("Report").join();
        var result = uploadBlobAsync("result.json", report.toString()).join();
        deployAndRunActorAsync(new RunActorParam("ReportActor", List.of(result))).join();
        return completed();\
        """);
    var inputs = blobs("case", CASES);

    var asked =
        asked(
            () -> {
              var ended = run("Judge", inputs);
              assertThat(ended.startedActors()).hasSize(2 + 2 * CASES);
            });

    assertThat(asked.transactions()).as(asked.text()).isLessThanOrEqualTo(60);
  }

  /** What the database was asked, without what drops old events, with one of many events. */
  private record Asked(int transactions, List<String> statements) {
    String text() {
      return String.join("\n", statements);
    }
  }

  /**
   * Of some tries the one that asked least: an instance that has ended before its end is asked for
   * is read once more, and the last commit of the try before may come late.
   */
  private Asked least(Runnable work) {
    return Stream.generate(() -> asked(work))
        .limit(5)
        .min(Comparator.comparingInt(Asked::transactions))
        .orElseThrow();
  }

  private Asked asked(Runnable work) {
    database.reset();
    work.run();
    var statements =
        database.statements().stream()
            .filter(statement -> !statement.startsWith("DELETE FROM joyoi_event"))
            .toList();
    return new Asked(database.transactions(), statements);
  }

  private void machine(String name, String program) {
    stateMachines.create(
        name,
"""
        import com.joyoi.management.usercode.*;
        import java.util.Comparator;
import java.util.List;
        import java.util.concurrent.CompletableFuture;
        public class %s extends StateMachine {
          public CompletableFuture<Void> runAsync() {
            %s
          }
        }
        """
            .formatted(name, program),
        null);
  }

  private List<BlobReference> blobs(String name, int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              var content = (name + i).getBytes(StandardCharsets.UTF_8);
              var blob = blobs.put(new ByteArrayInputStream(content), null, null);
              return new BlobReference(blob.id(), name + i);
            })
        .toList();
  }

  private void run(String machine) {
    run(machine, List.of());
  }

  private Instance run(String machine, List<BlobReference> inputs) {
    return run(new InstanceRequest(machine, inputs));
  }

  private void runs(int count, List<BlobReference> inputs) {
    run(new InstanceRequest("Runs", inputs, null, Map.of("runs", "" + count), 0));
  }

  private Instance run(InstanceRequest request) {
    var created = engine.create(request, Privilege.ADMIN, null);
    var ended = engine.ended(created.id()).join();
    assertThat(ended.exception()).isNull();
    assertThat(ended.status()).isEqualTo(InstanceStatus.SUCCEEDED);
    return ended;
  }
}
