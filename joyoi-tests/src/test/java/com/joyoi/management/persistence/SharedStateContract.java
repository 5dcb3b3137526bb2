package com.joyoi.management.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.container.ContainerLedger;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.instance.IdempotencyKeys.Key;
import com.joyoi.management.instance.IdempotencyKeys.KeyUsedException;
import com.joyoi.management.instance.InstanceEvents.Event;
import com.joyoi.management.instance.InstanceRepository.NewInstance;
import com.joyoi.management.instance.ServiceRegistry;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What services share beside instances: names, containers, events, idempotency keys. */
@SuppressWarnings("NullAway") // fields are set before each test
public abstract class SharedStateContract extends PersistenceContract {
  private ServiceRegistry registry;

  @BeforeEach
  void useRegistry() {
    registry = persistence.serviceRegistry();
  }

  @Test
  void installation_isTheSameForEverybody() throws Exception {
    assertThat(Set.copyOf(onThreads(16, () -> registry.installation()))).hasSize(1);
  }

  @Test
  void service_alive_isNotClaimedByAnother() {
    assertThat(registry.claim("alive", "one", false)).isTrue();

    assertThatThrownBy(() -> registry.claim("alive", "two", false))
        .isInstanceOf(JoyoiException.class)
        .hasMessageContaining("'alive' is alive");
    assertThat(registry.heartbeat("alive", "one")).isTrue();
  }

  @Test
  void service_claimedByManyAtOnce_isGivenOnce() throws Exception {
    var claimed =
        onThreads(
            16,
            () -> {
              try {
                registry.claim("raced", UUID.randomUUID().toString(), false);
                return true;
              } catch (JoyoiException e) {
                return false;
              }
            });

    assertThat(claimed).containsOnlyOnce(true);
  }

  @Test
  void service_replaced_losesItsHeartbeat() {
    registry.claim("replaced", "one", false);

    assertThat(registry.claim("replaced", "two", true)).isFalse();

    assertThat(registry.heartbeat("replaced", "one")).isFalse();
    assertThat(registry.heartbeat("replaced", "two")).isTrue();
  }

  @Test
  void service_released_isClaimedAsGraceful() {
    registry.claim("released", "one", false);
    registry.release("released", "one");

    assertThat(registry.claim("released", "two", false)).isTrue();
    registry.release("released", "one");
    assertThatThrownBy(() -> registry.claim("released", "three", false))
        .isInstanceOf(JoyoiException.class);
  }

  @Test
  void service_silentTooLong_isClaimedAsDead() throws Exception {
    registry.claim("silent", "one", false);
    execute(
        "UPDATE joyoi_service SET heartbeat = TIMESTAMPADD(SECOND, -"
            + (ServiceRegistry.ALIVE_FOR.toSeconds() + 1)
            + ", heartbeat) WHERE name = 'silent'");

    assertThat(registry.claim("silent", "two", false)).isFalse();
    assertThat(registry.heartbeat("silent", "one")).isFalse();
  }

  @Test
  void container_recorded_isListedUntilForgotten() {
    var ledger = persistence.containerLedger("mine");
    var entry = new ContainerLedger.Entry("joyoi-1", "node", "session", Instant.EPOCH);
    ledger.record(entry);
    ledger.record(entry);

    assertThat(ledger.onNode("node")).containsExactly(entry);
    assertThat(ledger.onNode("other")).isEmpty();
    assertThat(persistence.containerLedger("other").onNode("node")).isEmpty();
    ledger.forget("joyoi-1");
    ledger.forget("joyoi-1");
    assertThat(ledger.onNode("node")).isEmpty();
  }

  @Test
  void event_ofEveryWrite_isNumberedByOne() {
    var execution = create();
    var id = execution.key().instanceId();
    instances.enterStage(execution.key(), "Run");
    run(execution, 1, "A");
    instances.finish(execution.key(), InstanceStatus.SUCCEEDED, null);

    var events = persistence.instanceEvents().eventsAfter(id, 0, 100);

    assertThat(events.stream().map(Event::type))
        .containsExactly("stage", "stage", "actor-started", "actor-ended", "ended");
    assertThat(events.stream().map(Event::number)).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(events.get(1).data()).isEqualTo("{\"stage\":\"Run\"}");
    assertThat(events.get(4).data()).isEqualTo("{\"status\":\"Succeeded\"}");
    assertThat(events.getFirst().time()).isEqualTo(clock.instant());
    assertThat(persistence.instanceEvents().eventsAfter(id, 3, 1)).containsExactly(events.get(3));
    assertThat(persistence.instanceEvents().lastEvents(List.of(id, UUID.randomUUID())))
        .isEqualTo(Map.of(id, 5L));
  }

  @Test
  void event_beyondTheBound_isDropped() throws Exception {
    var execution = create();
    var id = execution.key().instanceId();
    execute("UPDATE joyoi_instance SET last_event = 20000 WHERE id = '" + id + "'");
    for (int i = 0; i < 100; i++) {
      instances.enterStage(execution.key(), "A");
    }

    var events = persistence.instanceEvents().eventsAfter(id, 0, 200);
    assertThat(events).hasSize(100);
    assertThat(events.getFirst().number()).isEqualTo(20_001);
  }

  @Test
  void key_usedByManyAtOnce_makesOneInstance() throws Exception {
    var keys = persistence.idempotencyKeys();
    var key = new Key("caller", "PUT /x", "key", "a".repeat(64));

    var made =
        onThreads(
            32,
            () -> {
              var instance = newInstance();
              try {
                return keys.create(instance, key).key().instanceId();
              } catch (KeyUsedException e) {
                assertThat(instances.find(instance.id())).isEmpty();
                return e.used().instanceId();
              }
            });

    assertThat(Set.copyOf(made)).hasSize(1);
    assertThat(keys.find(key).orElseThrow().bodySha256()).isEqualTo("a".repeat(64));
  }

  @Test
  void key_ofOtherScope_isAnotherKey() {
    var keys = persistence.idempotencyKeys();
    keys.create(newInstance(), new Key("caller", "route", "scope", "a".repeat(64)));

    keys.create(newInstance(), new Key("other", "route", "scope", "a".repeat(64)));
    keys.create(newInstance(), new Key("caller", "other", "scope", "a".repeat(64)));
    keys.create(newInstance(), new Key("caller", "route", "scope ", "a".repeat(64)));
    assertThat(keys.forgetOlderThan(clock.instant())).isZero();
    assertThat(keys.forgetOlderThan(clock.instant().plusSeconds(1))).isGreaterThanOrEqualTo(4);
  }

  private static NewInstance newInstance() {
    var request = new InstanceRequest("M", List.of());
    return new NewInstance(TestIds.next(), request, null, SERVICE);
  }
}
