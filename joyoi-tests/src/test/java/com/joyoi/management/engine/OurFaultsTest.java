package com.joyoi.management.engine;

import static com.joyoi.management.engine.EngineWorld.machineOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.error.JoyoiException.Kind;
import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.model.SandboxOptions.Reuse;
import com.joyoi.management.usercode.StateMachine;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A fault of the service is never the result of a program, whatever the program makes of it. */
class OurFaultsTest {
  private final EngineWorld world = new EngineWorld();
  private final AtomicInteger begun = new AtomicInteger();

  @AfterEach
  void close() {
    world.close();
  }

  static Stream<RuntimeException> faults() {
    return Stream.of(
        new JoyoiException(Kind.UNAVAILABLE, "the database is gone"),
        new JoyoiException(Kind.INTERNAL, "a row can't be read"),
        new JoyoiException(Kind.BUSY, "too much"),
        new NullPointerException("a mistake of ours"),
        new IllegalStateException("a mistake of ours"));
  }

  private Instance endedAfterPauses(Instance instance) {
    var ended = world.engine.ended(instance.id());
    while (!ended.isDone()) {
      world.timers.advance(Duration.ofSeconds(1));
      Thread.yield();
    }
    return ended.join();
  }

  private void assertSucceedsAtTheSecondTry() {
    var ended = endedAfterPauses(world.create("M"));

    assertThat(ended.exception()).isNull();
    assertThat(ended.status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(ended.reRunTimes()).isZero();
    assertThat(begun).hasValue(2);
  }

  @ParameterizedTest
  @MethodSource("faults")
  void fault_inARun_isNotTheProgramsResult(RuntimeException fault) {
    world.blobs.failNext(fault);
    world.machine(
        "M",
        () ->
            machineOf(
                m -> {
                  begun.incrementAndGet();
                  m.actor("ok large");
                }));

    assertSucceedsAtTheSecondTry();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void fault_thatTheProgramCatches_winsAllTheSame(RuntimeException fault) {
    world.blobs.failNext(fault);
    world.machine(
        "M",
        () ->
            machineOf(
                m -> {
                  var first = begun.incrementAndGet() == 1;
                  try {
                    m.actor("ok large");
                  } catch (RuntimeException e) {
                    assertThat(first).isTrue();
                  }
                }));

    assertSucceedsAtTheSecondTry();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void fault_whileTheClassIsLoaded_isNotTheProgramsResult(RuntimeException fault) {
    world.stateMachines.failNext(fault);
    begun.incrementAndGet();
    world.machine("M", () -> machineOf(m -> begun.incrementAndGet()));

    assertSucceedsAtTheSecondTry();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void fault_whileABlobIsRead_isNotTheProgramsResult(RuntimeException fault) {
    world.machine(
        "M",
        () ->
            machineOf(
                m -> {
                  var blob = m.upload("text", "of the program");
                  if (begun.incrementAndGet() == 1) {
                    world.blobs.failNextRead(fault);
                  }
                  m.read(blob);
                }));

    assertSucceedsAtTheSecondTry();
  }

  @Test
  @SuppressWarnings("NullAway") // nothing keeps a program from handing in null
  void mistakesOfTheProgram_areItsResult() {
    for (StateMachine machine :
        List.of(
            new Throwing(() -> new IllegalStateException("mine")),
            new Throwing(
                () -> {
                  throw new AssertionError("mine");
                }),
            machineOf(m -> m.actor("ok", new BlobReference(null, "in"))),
            machineOf(m -> m.read(new BlobReference(null, "x"))),
            machineOf(m -> m.upload("name", null)),
            machineOf(m -> m.actor(null)),
            machineOf(m -> m.actor("ok", new BlobReference(UUID.randomUUID(), null))),
            machineOf(m -> m.call(null, "/")),
            machineOf(m -> m.call("POST", null)),
            machineOf(m -> m.enter(null)),
            machineOf(m -> m.read(null)))) {
      world.machine("M", () -> machine);

      assertThat(world.ended(world.create("M")).status()).isEqualTo(InstanceStatus.FAILED);
    }
  }

  @Test
  void factoryOfTheProgram_thatThrows_isItsResult() {
    world.machine(
        "M",
        () -> {
          throw new ExceptionInInitializerError("mine");
        });

    assertThat(world.ended(world.create("M")).exception()).contains("mine");
  }

  private static final class Throwing extends StateMachine {
    private final java.util.function.Supplier<RuntimeException> thrown;

    private Throwing(java.util.function.Supplier<RuntimeException> thrown) {
      this.thrown = thrown;
    }

    @Override
    public Reuse sandboxReuse() {
      throw thrown.get();
    }

    @Override
    public CompletableFuture<Void> runAsync() {
      return completed();
    }
  }
}
