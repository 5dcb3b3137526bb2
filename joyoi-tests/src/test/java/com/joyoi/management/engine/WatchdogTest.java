package com.joyoi.management.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class WatchdogTest {
  private final Watchdog watchdog = new Watchdog();
  private final UUID id = UUID.randomUUID();

  @Test
  void busyMachine_isNamedOnceAfterTenLooks() throws InterruptedException {
    var stop = new AtomicBoolean();
    var started = new CountDownLatch(1);
    var busy =
        Thread.ofVirtual()
            .start(
                () -> {
                  started.countDown();
                  while (!stop.get()) {
                    Thread.onSpinWait();
                  }
                });
    started.await();

    assertThat(looks(9, busy)).isEmpty();
    assertThat(looks(1, busy)).containsExactly(id);
    assertThat(looks(20, busy)).isEmpty();

    stop.set(true);
    busy.join();
  }

  @Test
  void waitingMachine_isNotNamed() throws InterruptedException {
    var end = new CountDownLatch(1);
    var waiting =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    end.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    while (waiting.getState() == Thread.State.RUNNABLE) {
      Thread.onSpinWait();
    }

    assertThat(looks(30, waiting)).isEmpty();

    end.countDown();
    waiting.join();
  }

  private List<UUID> looks(int times, Thread machine) {
    List<UUID> named = List.of();
    for (int i = 0; i < times; i++) {
      named = watchdog.look(Map.of(id, machine));
    }
    return named;
  }
}
