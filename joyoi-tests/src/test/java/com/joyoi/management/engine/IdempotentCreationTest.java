package com.joyoi.management.engine;

import static com.joyoi.management.engine.EngineWorld.machineOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.engine.StateMachineEngine.Privilege;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.instance.IdempotencyKeys.Key;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceFilter;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IdempotentCreationTest {
  private final EngineWorld world = new EngineWorld().machine("M", () -> machineOf(m -> {}));

  @AfterEach
  void close() {
    world.close();
  }

  private static Key key(String text, String bodyDigit) {
    return new Key("caller", "PUT /StateMachineInstance", text, bodyDigit.repeat(64));
  }

  private static Instance create(EngineWorld world, Key key) {
    return world.engine.create(new InstanceRequest("M", List.of()), Privilege.SUBMIT, key);
  }

  private List<Instance> stored() {
    return world.engine.list(InstanceFilter.ALL);
  }

  @Test
  void key_usedAgain_givesTheSameInstanceAsItIsThen() {
    var first = create(world, key("k", "a"));
    world.ended(first);

    var second = create(world, key("k", "a"));

    assertThat(second.id()).isEqualTo(first.id());
    assertThat(second.status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(create(world, key("other", "a")).id()).isNotEqualTo(first.id());
    assertThat(stored()).hasSize(2);
  }

  @Test
  void key_usedWithAnotherBody_isAConflict() {
    var first = create(world, key("k", "a"));

    assertThatThrownBy(() -> create(world, key("k", "b")))
        .isInstanceOfSatisfying(
            JoyoiException.class, e -> assertThat(e.kind()).isEqualTo(JoyoiException.Kind.CONFLICT))
        .hasMessageContaining("Idempotency-Key 'k'")
        .hasMessageContaining(first.id().toString());
    assertThat(stored()).hasSize(1);
  }

  @Test
  void key_ofAFailure_isFree() {
    var missing = new InstanceRequest("Later", List.of());
    assertThatThrownBy(() -> world.engine.create(missing, Privilege.SUBMIT, key("k", "a")))
        .isInstanceOf(JoyoiException.class);
    world.machine("Later", () -> machineOf(m -> {}));

    assertThat(world.engine.create(missing, Privilege.SUBMIT, key("k", "b")).name())
        .isEqualTo("Later");
  }

  @Test
  void key_ofADeletedInstance_isAConflictAndMakesNoSecondOne() {
    var first = create(world, key("k", "a"));
    world.ended(first);
    world.engine.delete(first.id());

    assertThatThrownBy(() -> create(world, key("k", "a")))
        .isInstanceOf(JoyoiException.class)
        .hasMessageContaining("deleted");
    assertThat(stored()).isEmpty();
  }

  @Test
  void key_usedByManyAtOnceInTwoServices_makesOneInstance() throws Exception {
    try (var other = world.other("Other").machine("M", () -> machineOf(m -> {}))) {
      List<Callable<UUID>> calls = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        var service = i % 2 == 0 ? world : other;
        calls.add(() -> create(service, key("k", "a")).id());
      }

      List<UUID> made = new ArrayList<>();
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (var future : threads.invokeAll(calls)) {
          made.add(future.get());
        }
      }

      assertThat(made).hasSize(64).containsOnly(made.getFirst());
      assertThat(stored()).hasSize(1);
    }
  }

  @Test
  void key_tooLong_isRefusedByName() {
    assertThatThrownBy(() -> key("k".repeat(256), "a"))
        .isInstanceOf(JoyoiException.class)
        .hasMessageContaining("Idempotency-Key")
        .hasMessageContaining("1 to 255 characters");
    assertThatThrownBy(() -> key("", "a")).isInstanceOf(JoyoiException.class);
    assertThatThrownBy(() -> key("k", "A"))
        .isInstanceOf(JoyoiException.class)
        .hasMessageContaining("bodySha256");
  }
}
