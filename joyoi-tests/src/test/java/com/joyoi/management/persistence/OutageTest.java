package com.joyoi.management.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.blob.BlobStore;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.error.NothingDoneException;
import com.joyoi.management.instance.ExecutionKey;
import com.joyoi.management.instance.InstanceRepository;
import com.joyoi.management.instance.InstanceRepository.NewInstance;
import com.joyoi.management.instance.InstanceRepository.NewRun;
import com.joyoi.management.instance.InstanceRepository.RunEnd;
import com.joyoi.management.instance.InstanceRepository.RunPlace;
import com.joyoi.management.instance.InstanceRepository.RunStarts;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import java.io.ByteArrayInputStream;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A database that is away, or refuses what it is asked, for a while. */
class OutageTest {
  private final FaultyDatabase database = new FaultyDatabase();
  private final InstanceRepository instances = database.persistence().instances();

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void outcomes_whileTheDatabaseIsAway_areHeldAndStoredOnce() {
    var key = create();
    var run = run(key);
    database.takeAway();

    var end = begin(() -> instances.endRun(key, run, succeeded()));
    var stage = begin(() -> instances.enterStage(key, "Next", Duration.ZERO));
    assertThat(end).isNotDone();
    assertThat(stage).isNotDone();
    database.bringBack();
    end.join();
    stage.join();
    instances.finish(key, InstanceStatus.SUCCEEDED, null);

    var stored = instances.find(key.instanceId()).orElseThrow();
    assertThat(stored.startedActors()).hasSize(1);
    assertThat(stored.status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(stage.join()).isEqualTo(1);
  }

  @Test
  void requests_whileTheDatabaseIsAway_areRefusedWithNothingDone() {
    var id = UUID.randomUUID();
    database.takeAway();

    assertThatThrownBy(() -> instances.create(newInstance(id)))
        .isInstanceOf(NothingDoneException.class)
        .hasMessageContaining("does not answer")
        .hasMessageContaining("nothing was done");
    assertThatThrownBy(() -> instances.find(id)).isInstanceOf(NothingDoneException.class);
    assertThatThrownBy(() -> database.persistence().blobs().find(id))
        .isInstanceOf(NothingDoneException.class);
    database.bringBack();

    assertThat(instances.find(id)).isEmpty();
    assertThat(instances.create(newInstance(id)).instance().id()).isEqualTo(id);
  }

  @Test
  void note_whileTheDatabaseIsAway_isNotWaitedFor() {
    var key = create();
    database.takeAway();

    assertThatThrownBy(() -> instances.note(key, "waits")).isInstanceOf(NothingDoneException.class);
  }

  @Test
  void blobOfARun_putWhileTheDatabaseIsAway_isStoredAfterwards() {
    var ofRuns = BlobStore.over(database.persistence().blobsOfRuns(), Clock.systemUTC());
    var content = new byte[700_000];
    database.takeAway();

    var put = begin(() -> ofRuns.put(new ByteArrayInputStream(content), "out", null));
    assertThat(put).isNotDone();
    database.bringBack();

    assertThat(ofRuns.find(put.join().id()).orElseThrow().size()).isEqualTo(content.length);
  }

  @ParameterizedTest(name = "{0}: {2}")
  @CsvSource({
    "1021, HY000, Disk full",
    "1114, HY000, The table 'joyoi_run' is full",
    "1030, HY000, Got error 28 from storage engine",
    "3, HY000, Error writing file (Errcode: 28)",
    "1290, HY000, The server is running with the --read-only option",
    "1836, HY000, Running in read-only mode",
    "1792, 25006, Cannot execute statement in a READ ONLY transaction",
    "1040, 08004, Too many connections",
    "1047, 08S01, WSREP has not yet prepared node for application use",
    "1045, 28000, Access denied",
    "90031, 90031, No space left on device"
  })
  void outcome_thatTheServerRefusesForReasonsOfItsOwn_isHeldUntilItAccepts(
      int code, String state, String message) {
    var key = create();
    var run = run(key);
    var id = UUID.randomUUID();
    database.refuseWrites(new SQLException(message, state, code));

    var end = begin(() -> instances.endRun(key, run, succeeded()));
    database.awaitHeld();
    assertThatThrownBy(() -> instances.create(newInstance(id)))
        .isInstanceOf(NothingDoneException.class)
        .hasMessageContaining(message);
    // What it does not refuse goes on.
    assertThat(instances.find(key.instanceId())).isPresent();
    assertThat(database.persistence().isReachable()).isTrue();
    assertThat(end).isNotDone();
    database.acceptWrites();
    end.join();

    assertThat(instances.find(key.instanceId()).orElseThrow().startedActors().getFirst().endTime())
        .isNotNull();
    assertThat(database.persistence().isTroubled()).isFalse();
  }

  @Test
  void outcome_whoseCommitIsNotAnswered_isStoredOnce() {
    var key = create();
    var run = run(key);

    database.loseAnswers(1);
    instances.endRun(key, run, succeeded());
    database.loseAnswers(1);
    assertThat(instances.enterStage(key, "Next", Duration.ZERO)).isEqualTo(1);
    database.loseAnswers(1);
    instances.finish(key, InstanceStatus.SUCCEEDED, null);

    var events =
        database.persistence().instanceEvents().eventsAfter(key.instanceId(), 0, 100).stream()
            .map(event -> event.type())
            .toList();
    assertThat(events).containsExactly("stage", "actor-started", "actor-ended", "stage", "ended");
  }

  @Test
  void outcome_whoseCommitFailsForTheDisk_isStoredWhenThereIsRoom() {
    var key = create();
    database.failCommits(2, new SQLException("Got error 28 during COMMIT", "HY000", 1180));

    instances.finish(key, InstanceStatus.SUCCEEDED, null);

    assertThat(instances.find(key.instanceId()).orElseThrow().status())
        .isEqualTo(InstanceStatus.SUCCEEDED);
  }

  @Test
  void transaction_thatTheClusterRefusesAtItsCommit_isRepeated() {
    database.failCommits(
        3, new SQLTransactionRollbackException("Deadlock found at COMMIT", "40001", 1213));

    var key = create();

    assertThat(instances.find(key.instanceId())).isPresent();
  }

  @Test
  void deletion_thatIsRepeated_cutsOffWhatGoesOnThen() {
    var key = create();
    var run = run(key);
    instances.placeRun(key, run.id(), new RunPlace("node", "container", "name"));
    database.afterFailedCommit(() -> instances.endRun(key, run, succeeded()));
    database.failCommits(1, deadlock());
    var cutOff = new ArrayList<RunPlace>();

    assertThat(instances.delete(key.instanceId(), cutOff::add)).isTrue();

    // Its sandbox may have another instance's run by now.
    assertThat(cutOff).isEmpty();
  }

  @Test
  void restart_thatIsRepeated_cutsOffWhatGoesOnThen() {
    var key = create();
    var run = run(key);
    instances.placeRun(key, run.id(), new RunPlace("node", "container", "name"));
    database.afterFailedCommit(() -> instances.endRun(key, run, succeeded()));
    database.failCommits(1, deadlock());
    var cutOff = new ArrayList<RunPlace>();

    assertThat(instances.restart(key.instanceId(), "Start", null, null, "here", cutOff::add))
        .isPresent();

    assertThat(cutOff).isEmpty();
  }

  @Test
  void deletion_whoseCommitIsNotAnswered_stillCutsOff() {
    var key = create();
    var place = new RunPlace("node", "container", "name");
    instances.placeRun(key, run(key).id(), place);
    database.loseAnswers(1);
    var cutOff = new ArrayList<RunPlace>();

    assertThat(instances.delete(key.instanceId(), cutOff::add)).isTrue();

    assertThat(cutOff).containsExactly(place);
  }

  @ParameterizedTest
  @ValueSource(ints = {1054, 1146, 1194, 1364})
  void outcome_thatFailsForATable_isHeldFromTheSecondTimeOn(int code) {
    var key = create();
    var run = run(key);
    database.refuseWrites(new SQLException("of the table", "42000", code));

    var end = begin(() -> instances.endRun(key, run, succeeded()));
    database.awaitHeld();
    assertThat(end).isNotDone();
    database.acceptWrites();
    end.join();

    assertThat(database.persistence().isTroubled()).isFalse();
  }

  @Test
  void contention_isNoTroubleOfTheDatabase() {
    var key = create();
    var run = run(key);
    var troubles = new AtomicInteger();
    database.persistence().onChange(troubles::incrementAndGet);
    database.refuseWrites(new SQLException("Lock wait timeout exceeded", "HY000", 1205));

    var end = begin(() -> instances.endRun(key, run, succeeded()));
    while (database.refused() < 4) {
      Thread.onSpinWait();
    }
    assertThat(end).isNotDone();
    database.acceptWrites();
    end.join();

    assertThat(troubles).hasValue(0);
  }

  private static SQLException deadlock() {
    return new SQLTransactionRollbackException("Deadlock found", "40001", 1213);
  }

  @Test
  void instance_whoseCommitFailed_isNotSaidToBeUndone() {
    var id = UUID.randomUUID();
    database.loseAnswers(1);
    assertThat(instances.create(newInstance(id)).instance().id()).isEqualTo(id);

    database.failCommits(1, new SQLException("Got error 28 during COMMIT", "HY000", 1180));
    assertThatThrownBy(() -> instances.create(newInstance(UUID.randomUUID())))
        .isInstanceOf(JoyoiException.class)
        .isNotInstanceOf(NothingDoneException.class)
        .satisfies(e -> assertThat(((JoyoiException) e).isRetryable()).isTrue());
  }

  @Test
  void close_whileOutcomesAreHeld_failsThem() {
    var key = create();
    database.refuseWrites(new SQLException("Disk full", "HY000", 1021));
    var end = begin(() -> instances.finish(key, InstanceStatus.SUCCEEDED, null));
    database.awaitHeld();

    database.close();

    assertThatThrownBy(end::join)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOf(JoyoiException.class)
        .hasMessageContaining("closed");
  }

  private ExecutionKey create() {
    return instances.create(newInstance(UUID.randomUUID())).key();
  }

  private static NewInstance newInstance(UUID id) {
    return new NewInstance(id, new InstanceRequest("M", List.of()), null, "here");
  }

  private NewRun run(ExecutionKey key) {
    var run = new NewRun(UUID.randomUUID(), "A", 0, "Start", List.of(), null);
    instances.startRuns(key, RunStarts.of(run));
    return run;
  }

  private static RunEnd succeeded() {
    return new RunEnd(true, List.of(), List.of());
  }

  private static <T> CompletableFuture<T> begin(Supplier<T> call) {
    return CompletableFuture.supplyAsync(call, Thread::startVirtualThread);
  }
}
