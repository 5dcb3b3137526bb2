package com.joyoi.management.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.joyoi.management.usercode.StateMachine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

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

  @Test
  void busyErrorHandler_behindAFutureOfTheProgram_isNamed() throws InterruptedException {
    var logged = new ListAppender<ILoggingEvent>();
    var log = (Logger) LoggerFactory.getLogger(Watchdog.class);
    logged.start();
    log.setLevel(Level.WARN);
    log.setAdditive(false);
    log.addAppender(logged);
    var stop = new AtomicBoolean();
    var started = new CountDownLatch(1);
    try (var world = new EngineWorld()) {
      world.machine("M", () -> failingLater(started, stop));
      var instance = world.create("M");
      world.containers.awaitWaiter();
      world.containers.finishWaiting();
      started.await();

      world.timers.advance(Duration.ofSeconds(12));

      assertThat(logged.list)
          .anyMatch(event -> event.getFormattedMessage().contains(instance.id().toString()));
      stop.set(true);
      assertThat(world.ended(instance).exception()).contains("on purpose");
    } finally {
      stop.set(true);
      log.detachAppender(logged);
      log.setAdditive(true);
      log.setLevel(null);
    }
  }

  private static StateMachine failingLater(CountDownLatch started, AtomicBoolean stop) {
    var made =
        (EngineWorld.LambdaMachine)
            EngineWorld.machineReturning(
                machine ->
                    machine
                        .begin("wait")
                        .thenAccept(
                            run -> {
                              throw new IllegalStateException("on purpose");
                            }));
    made.handler =
        machine -> {
          started.countDown();
          while (!stop.get()) {
            Thread.onSpinWait();
          }
          return CompletableFuture.completedFuture(null);
        };
    return made;
  }

  private List<UUID> looks(int times, Thread machine) {
    List<UUID> named = List.of();
    for (int i = 0; i < times; i++) {
      named = watchdog.look(Map.of(id, machine));
    }
    return named;
  }
}
