package com.joyoi.management.engine;

import static com.joyoi.management.engine.EngineWorld.machineOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.engine.StateMachineEngine.Privilege;
import com.joyoi.management.error.NothingDoneException;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.persistence.FaultyDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Instances whose database is away, or takes nothing, for a while. */
class OutageTest {
  private static final SQLException DISK_FULL = new SQLException("Disk full", "HY000", 1021);

  private final FaultyDatabase database = new FaultyDatabase();
  private final EngineWorld world = EngineWorld.on(database.persistence());

  @AfterEach
  void close() {
    database.acceptWrites();
    world.close();
    database.close();
  }

  @Test
  void runs_thatEndWhileTheDatabaseIsAway_areRecordedAndNotRunAgain() {
    world.machine("M", () -> machineOf(machine -> machine.actors("wait", 5)));
    var instance = world.create("M");
    world.containers.awaitWaiter();
    database.takeAway();

    assertThatThrownBy(() -> world.create("M")).isInstanceOf(NothingDoneException.class);
    world.containers.finishWaiting();
    database.bringBack();
    var ended = world.ended(instance);

    assertThat(ended.exception()).isNull();
    assertThat(ended.status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(ended.startedActors()).hasSize(5);
    assertThat(world.containers.runs).hasSize(5);
    assertUndisturbed(instance, ended);
  }

  @Test
  void siblings_ofARunThatCannotBeRecorded_goOn() {
    var refuses = new CompletableFuture<Void>();
    world.machine(
        "M",
        () ->
            machineOf(
                machine -> {
                  var first = machine.begin("wait");
                  refuses.join();
                  machine.actor("ok large");
                  first.join();
                  machine.enter("Last");
                }));
    var instance = world.create("M");
    world.containers.awaitWaiter();
    database.refuseWrites(DISK_FULL);
    refuses.complete(null);
    // The start of the second run.
    database.awaitHeld();
    world.containers.finishWaiting();
    database.acceptWrites();
    var ended = world.ended(instance);

    assertThat(ended.exception()).isNull();
    assertThat(ended.status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(world.containers.runs).containsExactly("wait", "ok large");
    assertUndisturbed(instance, ended);
  }

  @Test
  void end_thatTheDatabaseRefuses_isRecordedWhenItAccepts() {
    world.machine("M", () -> machineOf(machine -> database.refuseWrites(DISK_FULL)));
    var instance = world.create("M");
    database.awaitHeld();
    assertThat(world.now(instance).status()).isEqualTo(InstanceStatus.RUNNING);

    database.acceptWrites();

    assertThat(world.ended(instance).status()).isEqualTo(InstanceStatus.SUCCEEDED);
  }

  @Test
  void time_inWhichAnOutcomeIsHeld_isNotTheInstances() {
    world.machine(
        "M",
        () ->
            machineOf(
                machine -> {
                  database.refuseWrites(DISK_FULL);
                  machine.enter("Next");
                }));
    var limitation = Limitation.builder().instanceTimeout(10_000L).build();
    var instance =
        world.engine.create(
            new InstanceRequest("M", List.of(), limitation, Map.of(), 0), Privilege.ADMIN);
    database.awaitHeld();
    awaitCodeWaits();

    world.timers.advance(Duration.ofMinutes(10));
    database.acceptWrites();

    assertThat(world.ended(instance).exception()).isNull();
    assertThat(world.ended(instance).status()).isEqualTo(InstanceStatus.SUCCEEDED);
  }

  /** A wait that is not a future of ours counts as code until it was seen by a look. */
  private void awaitCodeWaits() {
    world.timers.advance(Duration.ofSeconds(1));
  }

  @Test
  void errorHandler_whichTheDatabaseHoldsUp_getsItsTimeAnew() {
    world.machine(
        "M",
        () -> {
          var made =
              machineOf(
                  machine -> {
                    throw new IllegalStateException("it goes wrong");
                  });
          ((EngineWorld.LambdaMachine) made).handler =
              machine -> {
                database.refuseWrites(DISK_FULL);
                machine.enter("Failed");
                return CompletableFuture.completedFuture(null);
              };
          return made;
        });
    var instance = world.create("M");
    database.awaitHeld();

    world.timers.advance(Duration.ofMinutes(3));
    database.acceptWrites();
    var ended = world.ended(instance);

    assertThat(ended.stage()).isEqualTo("Failed");
    assertThat(ended.exception()).contains("it goes wrong").doesNotContain("did not end");
  }

  @Test
  void errorHandler_whichTheDatabaseHeldUpForSomeOfItsTime_getsThatInAddition() {
    var entered = new CompletableFuture<Void>();
    var goOn = new CompletableFuture<Void>();
    world.machine(
        "M",
        () -> {
          var made =
              machineOf(
                  machine -> {
                    throw new IllegalStateException("it goes wrong");
                  });
          ((EngineWorld.LambdaMachine) made).handler =
              machine -> {
                database.refuseWrites(DISK_FULL);
                machine.enter("Failed");
                entered.complete(null);
                goOn.join();
                return CompletableFuture.completedFuture(null);
              };
          return made;
        });
    var instance = world.create("M");
    database.awaitHeld();

    world.timers.advance(Duration.ofSeconds(100));
    database.acceptWrites();
    entered.join();
    world.timers.advance(Duration.ofSeconds(100));
    goOn.complete(null);

    assertThat(world.ended(instance).exception())
        .contains("it goes wrong")
        .doesNotContain("did not end");
  }

  private static void assertUndisturbed(Instance before, Instance after) {
    assertThat(after.executionKey()).isEqualTo(before.executionKey());
    assertThat(after.reRunTimes()).isZero();
  }
}
