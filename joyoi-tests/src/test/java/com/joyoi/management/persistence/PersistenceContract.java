package com.joyoi.management.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.blob.BlobStore;
import com.joyoi.management.instance.InstanceRepository;
import com.joyoi.management.instance.InstanceRepository.Execution;
import com.joyoi.management.instance.InstanceRepository.NewInstance;
import com.joyoi.management.instance.InstanceRepository.NewRun;
import com.joyoi.management.instance.InstanceRepository.RunEnd;
import com.joyoi.management.instance.InstanceRepository.RunStarts;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.InstanceRequest;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** What the contracts of all repositories share: a database, and a check that no call leaks. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class PersistenceContract {
  static final String SERVICE = "here";

  private static final Duration RETURN_PATIENCE = Duration.ofMinutes(1);

  protected TestDatabase testDatabase;
  protected Persistence persistence;
  protected InstanceRepository instances;
  protected BlobStore blobs;
  protected final MovableClock clock = new MovableClock();

  /** A database that is empty. */
  protected abstract TestDatabase openDatabase() throws SQLException;

  @BeforeAll
  void openPersistence() throws SQLException {
    testDatabase = openDatabase();
    persistence = Persistence.open(testDatabase.settings(), clock);
    instances = persistence.instances();
    blobs = BlobStore.over(persistence.blobs(), clock);
  }

  /** That of content which was read in part comes back when what was on its way has come. */
  @AfterEach
  void everyConnection_afterEachTest_isReturned() {
    var begin = System.nanoTime();
    while (persistence.connectionsInUse() > 0
        && System.nanoTime() - begin < RETURN_PATIENCE.toNanos()) {
      Thread.onSpinWait();
    }
    assertThat(persistence.connectionsInUse()).isZero();
  }

  @AfterAll
  void closePersistence() throws SQLException {
    persistence.close();
    testDatabase.close();
  }

  Execution create(BlobReference... initialBlobs) {
    return create("Machine", initialBlobs);
  }

  Execution create(String name, BlobReference... initialBlobs) {
    return instances.create(
        new NewInstance(
            TestIds.next(), new InstanceRequest(name, List.of(initialBlobs)), null, SERVICE));
  }

  /** Records a run that starts and ends. */
  UUID run(Execution execution, int stageEntry, String actor, BlobReference... outputs) {
    var run = start(execution, stageEntry, actor);
    instances.endRun(execution.key(), run, new RunEnd(true, List.of(outputs), List.of()));
    return run.id();
  }

  NewRun start(Execution execution, int stageEntry, String actor) {
    var run = new NewRun(TestIds.next(), actor, stageEntry, "stage", List.of(), null);
    instances.startRuns(execution.key(), RunStarts.of(run));
    return run;
  }

  BlobReference blob(String content) {
    return new BlobReference(put(content), "file");
  }

  UUID put(String content) {
    return blobs
        .put(new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)), null, null)
        .id();
  }

  /** Runs the same on so many virtual threads, and gives all results. */
  static <T> List<T> onThreads(int count, Callable<T> work) throws InterruptedException {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var results = new ArrayList<T>();
      for (var result : executor.invokeAll(Collections.nCopies(count, work))) {
        results.add(result.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  long count(String query) throws SQLException {
    try (var connection = testDatabase.connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT COUNT(*) FROM " + query)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  int execute(String sql) throws SQLException {
    try (var connection = testDatabase.connect();
        var statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }

  /** A clock that stands still until it is moved. */
  protected static final class MovableClock extends Clock {
    private volatile Instant now = Instant.parse("2026-02-03T04:05:06.789012Z");

    void move(Duration step) {
      now = now.plus(step);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
