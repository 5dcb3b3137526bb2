package com.joyoi.management.engine;

import static com.joyoi.management.engine.EngineWorld.machineOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.engine.StateMachineEngine.Privilege;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.instance.IdempotencyKeys.Key;
import com.joyoi.management.model.InstanceRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private static final int MAX = 3;

  private final CountDownLatch go = new CountDownLatch(1);
  private final EngineWorld world =
      EngineWorld.runningAtMost(MAX)
          .machine("Quick", () -> machineOf(m -> {}))
          .machine("M", () -> machineOf(m -> await(go)));

  @AfterEach
  void close() {
    go.countDown();
    world.close();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void assertBusy(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            JoyoiException.class, e -> assertThat(e.kind()).isEqualTo(JoyoiException.Kind.BUSY))
        .hasMessageContaining("runs 3 instances");
  }

  @Test
  void instance_pastTheBound_isRefusedUntilOneEnds() {
    var running = List.of(world.create("M"), world.create("M"), world.create("M"));

    assertBusy(() -> world.create("M"));
    assertThat(world.engine.runningInstances()).isEqualTo(MAX);

    go.countDown();
    running.forEach(world::ended);
    assertThat(world.ended(world.create("M"))).isNotNull();
  }

  @Test
  void instances_byManyAtOnce_neverPassTheBound() throws Exception {
    List<Callable<Boolean>> calls = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      calls.add(
          () -> {
            try {
              world.create("M");
              return true;
            } catch (JoyoiException e) {
              return false;
            }
          });
    }

    int accepted = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var future : threads.invokeAll(calls)) {
        accepted += future.get() ? 1 : 0;
      }
    }

    assertThat(accepted).isBetween(1, MAX);
    assertThat(world.engine.runningInstances()).isEqualTo(accepted);
  }

  @Test
  void restart_ofAnEndedOne_isBoundedAndOfARunningOneIsNot() {
    var ended = world.create("Quick");
    world.ended(ended);
    var running = List.of(world.create("M"), world.create("M"), world.create("M"));

    assertBusy(() -> world.engine.restart(ended.id(), null, null, Privilege.ADMIN));
    world.engine.restart(running.getFirst().id(), null, null, Privilege.ADMIN);

    assertThat(world.engine.runningInstances()).isEqualTo(MAX);
  }

  @Test
  void duplicate_underAKey_isAnsweredWhenAllIsTaken() {
    var key = new Key("caller", "route", "k", "a".repeat(64));
    var request = new InstanceRequest("M", List.of());
    var first = world.engine.create(request, Privilege.SUBMIT, key);
    world.create("M");
    world.create("M");

    assertThat(world.engine.create(request, Privilege.SUBMIT, key).id()).isEqualTo(first.id());
  }
}
