package com.joyoi.management.engine;

import static com.joyoi.management.engine.EngineWorld.SERVICE;
import static com.joyoi.management.engine.EngineWorld.machineOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.engine.EngineWorld.LambdaMachine;
import com.joyoi.management.engine.StateMachineEngine.Privilege;
import com.joyoi.management.model.ActorStatus;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceRequest;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.usercode.InstanceTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What counts as an instance's time, and what happens when it is over. */
class TimeOutsTest {
  private static final Limitation TEN_SECONDS =
      Limitation.builder().instanceTimeout(10_000L).build();

  private final EngineWorld world = new EngineWorld();
  private final LinkedBlockingQueue<Throwable> handled = new LinkedBlockingQueue<>();
  private final CountDownLatch end = new CountDownLatch(1);

  @BeforeEach
  void setClock() {
    // The time of a start is the database's, which is the system's.
    world.timers.clock().set(Clock.systemUTC().instant());
  }

  @AfterEach
  void close() {
    end.countDown();
    world.close();
  }

  private void machine(EngineWorld in, EngineWorld.Program program) {
    machine(in, program, m -> {});
  }

  private void machine(
      EngineWorld in, EngineWorld.Program program, Consumer<LambdaMachine> handler) {
    in.machine(
        "M",
        () -> {
          var machine = (LambdaMachine) machineOf(program);
          machine.handler =
              it -> {
                handled.add(it.handled);
                handler.accept(it);
                return CompletableFuture.completedFuture(null);
              };
          return machine;
        });
  }

  private Instance create(Limitation limitation) {
    return world.engine.create(
        new InstanceRequest("M", List.of(), limitation, Map.of(), 0), Privilege.ADMIN);
  }

  /** Code, as a loop is, that leaves the processors to the test. */
  private void loop() {
    try {
      var unused = end.await(10, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void instance_whoseActorRunsTooLong_endsAndItsHandlerIsTold() throws Exception {
    machine(
        world,
        m -> m.actor("wait"),
        m -> {
          m.enter("Reported");
          m.actor("ok");
        });
    var instance = create(TEN_SECONDS);
    world.containers.awaitWaiter();
    world.timers.advance(Duration.ofSeconds(9));
    assertThat(world.now(instance).status()).isEqualTo(InstanceStatus.RUNNING);

    world.timers.advance(Duration.ofSeconds(2));
    var ended = world.ended(instance);

    assertThat(ended.status()).isEqualTo(InstanceStatus.FAILED);
    assertThat(ended.exception()).isEqualTo("the instance exceeded InstanceTimeout (10000 ms)");
    assertThat(handled.take())
        .isInstanceOf(InstanceTimeoutException.class)
        .hasMessage(ended.exception());
    assertThat(ended.stage()).isEqualTo("Reported");
    assertThat(ended.startedActors())
        .extracting(run -> run.name() + " " + run.status())
        .containsExactly("wait " + ActorStatus.FAILED, "ok " + ActorStatus.SUCCEEDED);
    world.containers.awaitCancelled();
    assertThat(world.engine.runningInstances()).isZero();
  }

  @Test
  void instance_inAnEndlessLoop_endsWhileItLoops() {
    machine(world, m -> loop());
    var instance = create(TEN_SECONDS);
    while (!world.code.isRunning(instance.id())) {
      Thread.onSpinWait();
    }

    world.timers.advance(Duration.ofSeconds(11));

    assertThat(world.ended(instance).status()).isEqualTo(InstanceStatus.FAILED);
    assertThat(handled).hasSize(1);
  }

  @Test
  void handler_thatDoesNotReturn_isLeftBehind() {
    machine(world, m -> m.actor("wait"), m -> loop());
    var instance = create(TEN_SECONDS);
    world.containers.awaitWaiter();
    world.timers.advance(Duration.ofSeconds(11));
    world.timers.awaitPending("error handler");

    world.timers.advance(Duration.ofMinutes(3));

    assertThat(world.ended(instance).exception())
        .isEqualTo(
            "the instance exceeded InstanceTimeout (10000 ms)\n"
                + "handleErrorAsync did not end within 120 s");
  }

  @Test
  void instance_whoseHandlerCannotBeCalled_endsWithoutIt() {
    machine(world, m -> m.actor("wait"));
    var instance = create(TEN_SECONDS);
    world.containers.awaitWaiter();
    world.machine(
        "M",
        () -> {
          throw new IllegalStateException("no more");
        });

    world.timers.advance(Duration.ofSeconds(11));

    assertThat(world.ended(instance).exception())
        .startsWith(
            "the instance exceeded InstanceTimeout (10000 ms)\n"
                + "handleErrorAsync was not called: could not be created: ")
        .endsWith("no more");
    assertThat(handled).isEmpty();
  }

  @Test
  void time_inTheQueue_doesNotCount() throws Exception {
    world.nodes.fill();
    machine(world, m -> m.actor("ok"));
    var instance = create(TEN_SECONDS);
    var lease = world.nodes.awaitWaiter();
    while (world.code.isRunning(instance.id())) {
      Thread.onSpinWait();
    }

    world.timers.advance(Duration.ofMinutes(2));
    assertThat(world.now(instance).status()).isEqualTo(InstanceStatus.RUNNING);
    lease.complete(world.nodes.lease());

    assertThat(world.ended(instance).status()).isEqualTo(InstanceStatus.SUCCEEDED);
  }

  @Test
  void time_withoutAClass_doesNotCount() {
    machine(world, m -> m.actor("wait"));
    var instance = create(TEN_SECONDS);
    world.containers.awaitWaiter();
    world.engine.close();

    try (var next = world.other(SERVICE)) {
      next.timers.clock().set(world.timers.clock().instant());
      next.recover();
      while (next.now(instance).exception() == null) {
        Thread.onSpinWait();
      }
      next.timers.advance(Duration.ofMinutes(1));

      assertThat(next.now(instance).status()).isEqualTo(InstanceStatus.RUNNING);
    }
  }

  @Test
  void handler_thatFailsWithATimeOutOfItsOwn_isNotTakenForLate() {
    machine(
        world,
        m -> m.actor("fail"),
        m -> {
          throw new CompletionException(new TimeoutException("mine"));
        });

    assertThat(world.ended(create(TEN_SECONDS)).exception())
        .contains("then handleErrorAsync failed: TimeoutException: mine");
  }

  @Test
  void lifetime_countsTheQueue() throws Exception {
    world.nodes.fill();
    machine(world, m -> m.actor("ok"));
    var instance = create(Limitation.builder().instanceLifetime(60_000L).build());
    var unused = world.nodes.awaitWaiter();

    world.timers.advance(Duration.ofSeconds(62));

    assertThat(world.ended(instance).exception())
        .isEqualTo("the instance exceeded InstanceLifetime (60000 ms)");
    assertThat(handled).hasSize(1);
  }

  @Test
  void time_whileNoServiceRuns_doesNotCount_andWhatWasUsedBeforeDoes() {
    machine(world, m -> m.actor("wait"));
    var instance = create(TEN_SECONDS);
    world.containers.awaitWaiter();
    world.timers.advance(Duration.ofSeconds(6));
    world.engine.close();

    try (var next = world.other(SERVICE)) {
      next.timers.clock().set(world.timers.clock().instant().plus(Duration.ofDays(3)));
      machine(next, m -> m.actor("wait"));
      next.recover();
      next.containers.awaitWaiter();
      next.timers.advance(Duration.ofSeconds(3));
      assertThat(next.now(instance).status()).isEqualTo(InstanceStatus.RUNNING);

      next.timers.advance(Duration.ofSeconds(2));

      assertThat(next.ended(instance).exception()).contains("InstanceTimeout");
      assertThat(handled).hasSize(1);
    }
  }

  @Test
  void instance_thatIsOutOfTimeWhenItIsTakenUp_doesNotRun() {
    machine(world, m -> m.actor("wait"));
    var instance = create(Limitation.builder().instanceLifetime(60_000L).build());
    world.containers.awaitWaiter();
    world.engine.close();

    try (var next = world.other(SERVICE)) {
      next.timers.clock().set(world.timers.clock().instant().plus(Duration.ofDays(3)));
      machine(next, m -> m.actor("ok"));
      next.recover();

      assertThat(next.ended(instance).exception()).contains("InstanceLifetime");
      assertThat(next.containers.runs).isEmpty();
      assertThat(handled).hasSize(1);
    }
  }

  @Test
  void manyThatAreOutOfTimeAtOnce_allEnd() {
    world.nodes.fill();
    machine(world, m -> m.actor("ok"));
    var instances = new ArrayList<Instance>();
    for (int i = 0; i < 500; i++) {
      instances.add(create(Limitation.builder().instanceLifetime(60_000L).build()));
    }

    world.timers.advance(Duration.ofSeconds(62));

    for (var instance : instances) {
      assertThat(world.ended(instance).status()).isEqualTo(InstanceStatus.FAILED);
    }
    assertThat(handled).hasSize(500);
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().startsWith("timeout-"));
  }
}
