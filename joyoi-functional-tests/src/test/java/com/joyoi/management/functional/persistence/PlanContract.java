package com.joyoi.management.functional.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.joyoi.management.instance.InstanceRepository;
import com.joyoi.management.instance.InstanceRepository.Execution;
import com.joyoi.management.instance.InstanceRepository.NewInstance;
import com.joyoi.management.instance.InstanceRepository.NewRun;
import com.joyoi.management.instance.InstanceRepository.RunEnd;
import com.joyoi.management.instance.InstanceRepository.RunPlace;
import com.joyoi.management.instance.InstanceRepository.RunStarts;
import com.joyoi.management.model.InstanceFilter;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.persistence.DatabaseSettings;
import com.joyoi.management.persistence.Persistence;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What the database reads for a call does not depend on how many instances have ended: every
 * statement is asked for its plan, and those that only read are counted as they run.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PlanContract {
  private static final int PAGE = 100;

  /** Keys are read by 500. */
  private static final double MOST_ROWS = 1_500;

  private final int count;
  private final ManyRows rows;
  private LiveDatabase database;
  private Persistence persistence;
  private InstanceRepository instances;

  PlanContract(int count) {
    this.count = count;
    rows = new ManyRows(count, Instant.now());
  }

  @BeforeAll
  void fill() throws SQLException {
    database = LiveDatabase.makeOrAbort();
    var settings = database.settings();
    var url = settings.url() + (settings.url().contains("?") ? "&" : "?");
    persistence =
        Persistence.open(
            DatabaseSettings.of(
                url + "queryInterceptors=" + RecordedQueries.class.getName(),
                settings.user(),
                settings.password()),
            Clock.systemUTC());
    instances = persistence.instances();
    try (var connection = database.connect();
        var sql = connection.createStatement();
        var version = sql.executeQuery("SELECT VERSION()")) {
      version.next();
      assumeTrue(
          version.getString(1).contains("MariaDB"), "only MariaDB counts what a statement reads");
      rows.insertInto(connection);
    }
  }

  @AfterAll
  void drop() throws SQLException {
    if (persistence != null) {
      persistence.close();
    }
    if (database != null) {
      database.close();
    }
  }

  private void list(
      @Nullable String name,
      @Nullable String stage,
      @Nullable InstanceStatus status,
      @Nullable Instant from,
      @Nullable Instant before,
      int least)
      throws SQLException {
    var first = new InstanceFilter(name, stage, status, from, before, null, PAGE);
    var found = new ArrayList<UUID>();
    readsLittle(() -> instances.listing(first).forEach(instance -> found.add(instance.id())));
    assertThat(found).hasSizeGreaterThanOrEqualTo(least);
    if (found.size() == PAGE) {
      var next = new InstanceFilter(name, stage, status, from, before, found.get(PAGE - 1), PAGE);
      readsLittle(() -> instances.listing(next).forEach(instance -> {}));
    }
  }

  @Test
  void list_ofAll_readsAPage() throws SQLException {
    list(null, null, null, null, null, PAGE);
  }

  @Test
  void list_byName_readsAPage() throws SQLException {
    list("Judge", null, null, null, null, PAGE);
    list("Rare", null, null, null, null, 4);
    list("None", null, null, null, null, 0);
  }

  @Test
  void list_byStage_readsAPage() throws SQLException {
    list(null, "Finished", null, null, null, PAGE);
    list(null, "Compile", null, null, null, PAGE);
    list(null, "None", null, null, null, 0);
  }

  @Test
  void list_byStatus_readsAPage() throws SQLException {
    list(null, null, InstanceStatus.SUCCEEDED, null, null, PAGE);
    list(null, null, InstanceStatus.FAILED, null, null, PAGE);
    list(null, null, InstanceStatus.RUNNING, null, null, 5);
  }

  @Test
  void list_byNameAndStatus_readsAPage() throws SQLException {
    list("Judge", null, InstanceStatus.FAILED, null, null, PAGE);
    list("Judge", null, InstanceStatus.RUNNING, null, null, 5);
    list("Rare", null, InstanceStatus.FAILED, null, null, 0);
  }

  @Test
  void list_byTime_readsAPage() throws SQLException {
    var middle = rows.middle();
    list(null, null, null, middle, null, PAGE);
    list(null, null, null, null, middle, PAGE);
    list(null, null, null, middle, middle.plusSeconds(50), 50);
    list(null, null, null, Instant.now().plusSeconds(86_400), null, 0);
    list(null, null, null, null, middle.minusSeconds(count), 0);
    list("Judge", null, InstanceStatus.SUCCEEDED, middle, middle.plusSeconds(1_000), PAGE);
  }

  @Test
  void list_byTimeWithOneThatWasRestarted_hasIt() throws SQLException {
    var oldest = oldest();
    readsLittle(() -> instances.restart(oldest, "Again", null, null, "here"));
    var from = Instant.now().minusSeconds(60);

    list(null, "Again", null, from, null, 1);
    list(null, null, null, from, null, 1);
  }

  private UUID oldest() {
    return instances
        .list(
            new InstanceFilter(
                null, null, null, null, rows.middle().minusSeconds(count / 2 - 20), null, 1))
        .getFirst()
        .id();
  }

  @Test
  void instance_thatRuns_readsItsOwnRows() throws SQLException {
    var execution = new Execution[1];
    readsLittle(
        () -> {
          var id = new UUID(System.currentTimeMillis() << 16 | 0x7000, Long.MIN_VALUE);
          execution[0] =
              instances.create(
                  new NewInstance(id, new InstanceRequest("Judge", List.of()), null, "here"));
          var key = execution[0].key();
          int entry = instances.enterStage(key, "Compile");
          var run = new NewRun(UUID.randomUUID(), "Actor", entry, "Compile", List.of(), null);
          instances.startRuns(key, RunStarts.of(run));
          instances.placeRun(key, run.id(), new RunPlace("node", "container", "name"));
          instances.endRun(key, run, new RunEnd(true, List.of(), List.of()));
          assertThat(instances.find(id)).isPresent();
          instances.lost(List.of(key));
          persistence.instanceEvents().lastEvents(List.of(id));
          persistence.instanceEvents().eventsAfter(id, 0, 100);
          instances.finish(key, InstanceStatus.SUCCEEDED, null);
          instances.delete(id);
        });
  }

  @Test
  void service_thatStarts_readsWhatRuns() throws SQLException {
    readsLittle(
        () -> {
          assertThat(instances.running("here")).isNotEmpty();
          instances.countRunning("here");
        });
  }

  @Test
  void retention_readsWhatIsOld() throws SQLException {
    var before = rows.middle().minusSeconds(count / 2).plus(Duration.ofSeconds(60));
    readsLittle(() -> assertThat(instances.dropEnded(before, 20)).isPositive());
    readsLittle(() -> instances.dropEnded(before.minusSeconds(3_600), 20));
    readsLittle(() -> assertThat(persistence.blobs().dropUnused(before, 20)).isPositive());
    readsLittle(() -> persistence.blobs().dropUnused(before.plusSeconds(120), 20));
    readsLittle(() -> persistence.blobs().dropUnused(before.minusSeconds(3_600), 20));
    readsLittle(() -> persistence.blobs().dropUnpublished(before));
  }

  @Test
  void blobs_listed_readAPage() throws SQLException {
    readsLittle(() -> persistence.blobs().listing(null, PAGE).forEach(blob -> {}));
  }

  private void readsLittle(Runnable work) throws SQLException {
    var sent =
        RecordedQueries.of(work).stream()
            .filter(sql -> sql.matches("(?s)(\\(?SELECT|UPDATE|DELETE|INSERT) .*joyoi_.*"))
            .toList();
    assertThat(sent).isNotEmpty();
    try (var connection = database.connect()) {
      for (var sql : sent) {
        check(connection, sql);
      }
    }
  }

  private static void check(Connection connection, String sql) throws SQLException {
    boolean reads = sql.startsWith("SELECT") || sql.startsWith("(");
    try (var statement = connection.createStatement();
        var plan = statement.executeQuery((reads ? "ANALYZE " : "EXPLAIN ") + sql)) {
      while (plan.next()) {
        var table = plan.getString("table");
        if (table == null || table.startsWith("<") || "INSERT".equals(plan.getString(2))) {
          continue;
        }
        assertThat(plan.getString("key")).as("index of %s in %s", table, sql).isNotNull();
        assertThat(plan.getDouble(reads ? "r_rows" : "rows"))
            .as("rows read of %s by %s in %s", table, plan.getString("key"), sql)
            .isLessThanOrEqualTo(MOST_ROWS);
      }
    }
  }
}
