package com.joyoi.management.engine;

import static com.joyoi.management.engine.EngineWorld.SERVICE;
import static com.joyoi.management.engine.EngineWorld.machineOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.instance.ServiceRegistry.Sign;
import com.joyoi.management.instance.ServiceRegistry.Start;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.recovery.TakeOver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two services on one database, one of which is silent. */
class TakeOverTest {
  private static final Duration LEASE = Duration.ofSeconds(30);

  private final List<String> taken = new CopyOnWriteArrayList<>();
  private final EngineWorld silent = new EngineWorld();
  private final EngineWorld living = silent.other("living");

  @AfterEach
  void close() {
    living.close();
    silent.close();
  }

  private Instance instance() {
    for (var world : List.of(silent, living)) {
      world.machine("M", () -> machineOf(m -> m.actor("wait")));
    }
    var instance = silent.create("M");
    silent.containers.awaitWaiter();
    return instance;
  }

  private TakeOver takeOver(boolean enabled) {
    var registry = living.database.serviceRegistry();
    registry.claim(new Start(SERVICE, "session", LEASE, null, List.of()), process -> false);
    registry.claim(new Start("living", "session", LEASE, null, List.of()), process -> false);
    return TakeOver.of(enabled, registry, living.engine, taken::add, "living");
  }

  /** Heartbeats of the living one, while the other's stands still. */
  private void beat(TakeOver takeOver, Duration time) {
    for (long second = 0; second <= time.toSeconds(); second += 2) {
      var signs =
          living
              .database
              .serviceRegistry()
              .heartbeat("living", "session", 0)
              .orElseThrow()
              .services();
      var nanos = Duration.ofSeconds(second).toNanos();
      var unused = takeOver.look(signs, nanos, nanos);
    }
  }

  @Test
  void instances_ofASilentService_areTakenUp() {
    var instance = instance();
    var takeOver = takeOver(true);

    beat(takeOver, LEASE);

    living.containers.awaitWaiter();
    living.containers.finishWaiting();
    var ended = living.ended(instance);
    assertThat(ended.status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(ended.fromManagementService()).isEqualTo("living");
    assertThat(takeOver.silent()).extracting(Sign::service).containsExactly(SERVICE);
  }

  @Test
  void service_thatWasOnlyPaused_doesNothingToThem() {
    var instance = instance();
    beat(takeOver(true), LEASE);
    living.containers.awaitWaiter();

    // It goes on where it was, and finds that its key is stale.
    silent.containers.finishWaiting();
    silent.timers.advance(Duration.ofSeconds(2));

    assertThat(living.now(instance).status()).isEqualTo(InstanceStatus.RUNNING);
    living.containers.finishWaiting();
    var ended = living.ended(instance);
    assertThat(ended.status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(ended.startedActors()).hasSize(1);
  }

  @Test
  void service_thatIsHeardOfJustInTime_keepsItsInstances() {
    var instance = instance();
    var takeOver = takeOver(true);
    beat(takeOver, LEASE.minusSeconds(2));
    var signs =
        living
            .database
            .serviceRegistry()
            .heartbeat("living", "session", 0)
            .orElseThrow()
            .services();

    var unused = living.database.serviceRegistry().heartbeat(SERVICE, "session", 1);
    var silent = takeOver.look(signs, LEASE.toNanos(), LEASE.toNanos());

    assertThat(silent).isTrue();
    this.silent.containers.finishWaiting();
    assertThat(this.silent.ended(instance).fromManagementService()).isEqualTo(SERVICE);
  }

  @Test
  void instances_beforeTheLeaseIsOver_stayWhereTheyAre() {
    var instance = instance();

    beat(takeOver(true), LEASE.minusSeconds(2));

    silent.containers.finishWaiting();
    assertThat(silent.ended(instance).fromManagementService()).isEqualTo(SERVICE);
  }

  @Test
  void instances_ofClassesThatOnlyTheSilentOneHas_waitForIt() {
    var instance = instance();
    living.stateMachines.forget("M");

    beat(takeOver(true), LEASE.multipliedBy(2));

    silent.containers.finishWaiting();
    assertThat(silent.ended(instance).fromManagementService()).isEqualTo(SERVICE);
  }

  @Test
  void takeOver_thatIsOff_takesNothing() {
    var instance = instance();
    var takeOver = takeOver(false);

    beat(takeOver, LEASE.multipliedBy(2));

    assertThat(takeOver.silent()).isEmpty();
    silent.containers.finishWaiting();
    assertThat(silent.ended(instance).fromManagementService()).isEqualTo(SERVICE);
  }
}
