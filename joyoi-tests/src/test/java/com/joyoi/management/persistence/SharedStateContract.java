package com.joyoi.management.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.joyoi.management.container.ContainerLedger;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.instance.IdempotencyKeys.Key;
import com.joyoi.management.instance.IdempotencyKeys.KeyUsedException;
import com.joyoi.management.instance.InstanceEvents.Event;
import com.joyoi.management.instance.InstanceRepository.NewInstance;
import com.joyoi.management.instance.ServiceRegistry;
import com.joyoi.management.instance.ServiceRegistry.Sign;
import com.joyoi.management.instance.ServiceRegistry.Start;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.model.NodeDefinition;
import com.joyoi.management.model.ServiceState;
import com.joyoi.management.model.ServiceStatus;
import com.joyoi.management.node.NodeRepository.StoredNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What services share beside instances: names, containers, events, idempotency keys. */
@SuppressWarnings("NullAway") // fields are set before each test
public abstract class SharedStateContract extends PersistenceContract {
  private static final Duration LEASE = Duration.ofSeconds(20);

  private ServiceRegistry registry;

  @BeforeEach
  void useRegistry() {
    registry = persistence.serviceRegistry();
  }

  private boolean claim(String service, String session, boolean replace) {
    return registry.claim(start(service, session), process -> replace);
  }

  private static Start start(String service, String session) {
    return new Start(service, session, LEASE, "process of " + session, List.of("b", "a"));
  }

  @Test
  void installation_isTheSameForEverybody() throws Exception {
    assertThat(Set.copyOf(onThreads(16, () -> registry.installation()))).hasSize(1);
  }

  @Test
  void service_alive_isNotClaimedByAnother() {
    assertThat(claim("alive", "one", false)).isTrue();

    assertThatThrownBy(() -> claim("alive", "two", false))
        .isInstanceOf(JoyoiException.class)
        .hasMessageContaining("'alive' is alive");
    assertThat(registry.heartbeat("alive", "one", 0)).isPresent();
  }

  @Test
  void service_claimedByManyAtOnce_isGivenOnce() throws Exception {
    var claimed =
        onThreads(
            16,
            () -> {
              try {
                claim("raced", UUID.randomUUID().toString(), false);
                return true;
              } catch (JoyoiException e) {
                return false;
              }
            });

    assertThat(claimed).containsOnlyOnce(true);
  }

  @Test
  void service_replaced_losesItsHeartbeat() {
    claim("replaced", "one", false);

    assertThat(claim("replaced", "two", true)).isFalse();

    assertThat(registry.heartbeat("replaced", "one", 0)).isEmpty();
    assertThat(registry.heartbeat("replaced", "two", 0)).isPresent();
  }

  @Test
  void service_released_isClaimedAsGraceful() {
    claim("released", "one", false);
    registry.release("released", "one");

    assertThat(claim("released", "two", false)).isTrue();
    registry.release("released", "one");
    assertThatThrownBy(() -> claim("released", "three", false)).isInstanceOf(JoyoiException.class);
  }

  @Test
  void service_silentTooLong_isClaimedAsDead() throws Exception {
    claim("silent", "one", false);
    execute(
        "UPDATE joyoi_service SET heartbeat = TIMESTAMPADD(SECOND, -"
            + (LEASE.toSeconds() + 1)
            + ", heartbeat) WHERE name = 'silent'");

    assertThat(claim("silent", "two", false)).isFalse();
    assertThat(registry.heartbeat("silent", "one", 0)).isEmpty();
  }

  @Test
  void service_whoseProcessHasDied_isClaimedAtOnce() {
    claim("died", "one", false);

    assertThat(
            registry.claim(
                start("died", "two"), holder -> "process of one".equals(holder.process())))
        .isFalse();
    assertThat(registry.isHeld("died", "one")).isFalse();
    assertThat(registry.isHeld("died", "two")).isTrue();
  }

  @Test
  void heartbeat_seesAllServices() {
    claim("seen", "one", false);
    claim("other", "two", false);
    var before = signs("other", "two");

    assertThat(registry.heartbeat("seen", "one", 3).orElseThrow().services())
        .contains(before.get("other"));
    var after = signs("other", "two");
    assertThat(after.get("seen")).isNotEqualTo(before.get("seen"));
    assertThat(after.get("seen")).extracting(Sign::session, Sign::lease).contains("one", LEASE);
  }

  @Test
  void service_isStill_untilItIsHeardOfOrReplaced() {
    claim("still", "one", false);
    claim("watcher", "two", false);
    var sign = signs("watcher", "two").get("still");

    assertThat(registry.isStill(sign)).isTrue();
    registry.heartbeat("still", "one", 0);
    assertThat(registry.isStill(sign)).isFalse();

    var later = signs("watcher", "two").get("still");
    claim("still", "three", true);
    assertThat(registry.isStill(later)).isFalse();
    assertThat(registry.isStill(new Sign("nobody", "one", later.beat(), LEASE))).isFalse();
  }

  @Test
  void service_isAbandoned_onlyWithoutRunningInstances() {
    claim("left", "one", false);
    claim("watcher-2", "two", false);
    var request = new InstanceRequest("M", List.of());
    var first = instances.create(new NewInstance(TestIds.next(), request, null, "left"));
    var second = instances.create(new NewInstance(TestIds.next(), request, null, "left"));
    var sign = signs("watcher-2", "two").get("left");

    assertThat(registry.isAbandoned(sign)).isFalse();
    instances.finish(first.key(), InstanceStatus.FAILED, "x");
    assertThat(registry.isAbandoned(sign)).isFalse();
    instances.takeUp(second.key().instanceId(), "left", "watcher-2", false);
    assertThat(registry.isAbandoned(sign)).isTrue();

    registry.heartbeat("left", "one", 0);
    assertThat(registry.isAbandoned(sign)).isFalse();
  }

  private Map<String, Sign> signs(String service, String session) {
    return registry.heartbeat(service, session, 0).orElseThrow().services().stream()
        .collect(Collectors.toMap(Sign::service, Function.identity()));
  }

  @Test
  void services_areListedWithTheirStates() throws Exception {
    claim("listed-1", "one", false);
    registry.heartbeat("listed-1", "one", 7);
    claim("listed-2", "two", false);
    registry.release("listed-2", "two");
    claim("listed-3", "three", false);
    execute(
        "UPDATE joyoi_service SET heartbeat = TIMESTAMPADD(SECOND, -21, heartbeat)"
            + " WHERE name = 'listed-3'");

    var listed = registry.all().stream().filter(it -> it.name().startsWith("listed-")).toList();
    assertThat(listed)
        .extracting(ServiceStatus::name, ServiceStatus::session, ServiceStatus::state)
        .containsExactly(
            tuple("listed-1", "one", ServiceState.RUNNING),
            tuple("listed-2", "two", ServiceState.STOPPED),
            tuple("listed-3", "three", ServiceState.SILENT));
    assertThat(listed.getFirst().runningInstances()).isEqualTo(7);
    assertThat(listed.getFirst().nodes()).containsExactly("b", "a");
    assertThat(listed.getFirst().startedAt()).isBeforeOrEqualTo(listed.getFirst().lastHeard());
  }

  @Test
  void node_put_isKeptAsItWas() {
    var nodes = persistence.nodes();
    var definition =
        new NodeDefinition(
            "judge",
            "tcp://docker-2:2376",
            "certs/\u00fc.pfx",
            null,
            Map.of("MaxRunningJobs", 3, "Reuse", "always"));
    nodes.put("docker-2", definition);
    nodes.put("docker-2", definition);
    nodes.put("Docker-2", NodeDefinition.at("tcp://other:2376"));

    assertThat(nodes.all())
        .containsExactlyInAnyOrder(
            new StoredNode("docker-2", definition, false),
            new StoredNode("Docker-2", NodeDefinition.at("tcp://other:2376"), false));
    assertThat(nodes.remove("docker-2")).isTrue();
    assertThat(nodes.remove("docker-2")).isFalse();
    assertThat(nodes.remove("Docker-2")).isTrue();
    assertThat(nodes.all()).isEmpty();
  }

  @Test
  void node_cordoned_isSoUntilThatEndsWhateverElseChanges() {
    var nodes = persistence.nodes();
    var definition = NodeDefinition.at("tcp://docker-2:2376");
    nodes.cordon("configured", true);
    nodes.cordon("configured", true);
    nodes.cordon("nobody", false);
    nodes.put("put", definition);
    nodes.cordon("put", true);
    nodes.put("put", definition);

    assertThat(nodes.all())
        .containsExactlyInAnyOrder(
            new StoredNode("configured", null, true), new StoredNode("put", definition, true));
    assertThat(nodes.remove("configured")).isFalse();
    nodes.put("configured", definition);
    assertThat(nodes.remove("configured")).isTrue();
    nodes.cordon("put", false);
    assertThat(nodes.all()).containsExactly(new StoredNode("put", definition, false));
    nodes.remove("put");
  }

  @Test
  void container_recorded_isListedUntilForgotten() {
    var ledger = persistence.containerLedger("mine");
    var entry =
        new ContainerLedger.Entry("joyoi-1", "node", "tcp://node:2376", "session", Instant.EPOCH);
    var older = new ContainerLedger.Entry("joyoi-2", "node", null, "session", Instant.EPOCH);
    ledger.record(entry);
    ledger.record(entry);

    ledger.record(older);

    assertThat(ledger.all()).containsExactly(entry, older);
    assertThat(persistence.containerLedger("other").all()).isEmpty();
    ledger.forget("joyoi-1");
    ledger.forget("joyoi-1");
    assertThat(ledger.all()).containsExactly(older);
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
