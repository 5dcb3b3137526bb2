package com.joyoi.management.engine;

import static com.joyoi.management.engine.EngineWorld.machineOf;
import static com.joyoi.management.engine.EngineWorld.machineReturning;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.engine.EngineWorld.LambdaMachine;
import com.joyoi.management.engine.EngineWorld.Program;
import com.joyoi.management.model.ActorRun;
import com.joyoi.management.model.ActorStatus;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceStatus;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs that end while something that they asked for is under way, or failed unseen. */
class ForgottenCallTest {
  private static final String HELD_BACK = "tell of failures";

  private final EngineWorld world = new EngineWorld();

  @AfterEach
  void close() {
    world.close();
  }

  private Instance run(Program program) {
    return world.machine("M", () -> machineOf(program)).ended(world.create("M"));
  }

  /** Does nothing with a future, and says so. */
  private static void forget(Object unused) {}

  private static void assertFailed(Instance ended, String exception) {
    assertThat(ended.status()).isEqualTo(InstanceStatus.FAILED);
    assertThat(ended.exception()).startsWith(exception);
  }

  @Test
  void run_underWay_failsTheInstanceAndIsCancelledOnRecord() {
    var ended =
        run(
            m -> {
              forget(m.begin("wait"));
              world.containers.awaitWaiter();
            });

    assertFailed(
        ended,
        "runAsync ended while 1 actor run was under way; return or join its future\n  at line ");
    world.containers.awaitCancelled();
    assertThat(ended.startedActors()).hasSize(1);
    assertThat(ended.startedActors().getFirst().status()).isEqualTo(ActorStatus.FAILED);
    assertThat(ended.startedActors().getFirst().exceptions())
        .containsExactly("cancelled, since the instance had ended");
    assertThat(world.engine.runningInstances()).isZero();
  }

  @Test
  void runs_underWay_areCounted() {
    var ended =
        run(
            m -> {
              forget(m.begin("wait", "wait"));
              forget(m.begin("wait"));
            });

    assertFailed(
        ended, "runAsync ended while 3 actor runs were under way; return or join their futures\n");
  }

  @Test
  void future_thatIsReturned_isNotForgotten() {
    world.machine("M", () -> machineReturning(m -> m.begin("ok").thenAccept(run -> {})));
    world.machine("F", () -> machineReturning(m -> m.begin("fail").thenAccept(run -> {})));

    assertThat(world.ended(world.create("M")).status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertFailed(world.ended(world.create("F")), "actor fail failed: exit code 1");
  }

  @Test
  void run_thatFailedWithNobodyLooking_failsTheInstance() {
    var ended =
        run(
            m -> {
              forget(m.begin("fail"));
              world.timers.awaitPending(HELD_BACK);
            });

    assertFailed(
        ended,
        "runAsync ended although 1 actor run had failed and the program did nothing with the"
            + " future; return or join its future\n  at line ");
    assertThat(ended.exception()).contains("\ncaused by actor fail failed: exit code 1");
  }

  @Test
  void run_thatEndedWellWithNobodyLooking_isNotForgotten() {
    var ended =
        run(
            m -> {
              var forgotten = m.begin("ok");
              // To print it is not to do something with it.
              while (!forgotten.toString().contains("Completed normally")) {
                Thread.onSpinWait();
              }
            });

    assertThat(ended.status()).isEqualTo(InstanceStatus.SUCCEEDED);
  }

  @Test
  void upload_andStage_areTold() {
    var held = new CompletableFuture<Void>();
    world.blobs.holdNext(held);
    try {
      var ended =
          run(
              m -> {
                forget(m.beginUpload("a.txt", "large ".repeat(20_000)));
                forget(m.begin("wait"));
              });

      assertFailed(ended, "runAsync ended while 1 actor run and 1 upload were under way;");
    } finally {
      held.complete(null);
    }
  }

  /** All the ways to look at a run that failed, and to go on. */
  static Stream<Named<Consumer<LambdaMachine>>> waysToIgnoreAFailure() {
    return Map.<String, Consumer<CompletableFuture<ActorRun>>>ofEntries(
            Map.entry("join", f -> assertThatThrownBy(f::join)),
            Map.entry("get", f -> assertThatThrownBy(f::get)),
            Map.entry("get in time", f -> assertThatThrownBy(() -> f.get(9, TimeUnit.DAYS))),
            Map.entry("exceptionally", f -> f.exceptionally(e -> null).join()),
            Map.entry("handle", f -> f.handle((run, e) -> "ignored").join()),
            Map.entry("handleAsync", f -> f.handleAsync((run, e) -> "ignored").join()),
            Map.entry("whenComplete", f -> assertThatThrownBy(f.whenComplete((r, e) -> {})::join)),
            Map.entry("copy", f -> f.copy().exceptionally(e -> null).join()),
            Map.entry(
                "minimal",
                f -> f.minimalCompletionStage().handle((r, e) -> "").toCompletableFuture().join()),
            Map.entry("thenApply", f -> f.thenApply(ActorRun::tag).exceptionally(e -> null).join()),
            Map.entry(
                "thenCombine",
                f ->
                    CompletableFuture.completedFuture("")
                        .thenCombine(f, (text, run) -> text)
                        .exceptionally(e -> "")
                        .join()),
            Map.entry(
                "thenCompose",
                f ->
                    CompletableFuture.completedFuture("")
                        .thenCompose(text -> f)
                        .exceptionally(e -> null)
                        .join()),
            Map.entry("allOf", f -> CompletableFuture.allOf(f).exceptionally(e -> null).join()),
            Map.entry("anyOf", f -> CompletableFuture.anyOf(f).exceptionally(e -> null).join()),
            Map.entry("orTimeout", f -> assertThatThrownBy(f.orTimeout(9, TimeUnit.DAYS)::join)),
            Map.entry("cancel", f -> f.cancel(true)),
            Map.entry(
                "isDone",
                f -> {
                  while (!f.isDone()) {
                    Thread.onSpinWait();
                  }
                }),
            Map.entry(
                "state",
                f -> {
                  while (f.state() == CompletableFuture.State.RUNNING) {
                    Thread.onSpinWait();
                  }
                }))
        .entrySet()
        .stream()
        .map(way -> Named.of(way.getKey(), m -> way.getValue().accept(m.begin("fail"))));
  }

  @ParameterizedTest
  @MethodSource
  void waysToIgnoreAFailure(Consumer<LambdaMachine> way) {
    world.machine("M", () -> machineOf(way::accept));
    var ended = world.engine.ended(world.create("M").id());
    // What has failed before it is handed to allOf is told after a look.
    while (!ended.isDone()) {
      world.timers.advance(ProgramCalls.LOOK_PERIOD);
      Thread.yield();
    }

    assertThat(ended.join().status()).isEqualTo(InstanceStatus.SUCCEEDED);
  }

  @Test
  void failure_thatCameBeforeAllOf_isToldToIt() {
    world.machine(
        "M",
        () ->
            machineOf(
                m -> {
                  var failed = m.begin("fail");
                  world.timers.awaitPending(HELD_BACK);
                  var all = CompletableFuture.allOf(failed, m.begin("ok"));
                  world.timers.advance(ProgramCalls.LOOK_PERIOD);
                  assertThatThrownBy(all::join).isInstanceOf(CompletionException.class);
                }));

    assertThat(world.ended(world.create("M")).status()).isEqualTo(InstanceStatus.SUCCEEDED);
  }

  @Test
  void failure_thatNobodyLooksAtYet_isLookedForAgain() {
    var ended =
        run(
            m -> {
              var failed = m.begin("fail");
              world.timers.awaitPending(HELD_BACK);
              world.timers.advance(ProgramCalls.LOOK_PERIOD);
              world.timers.awaitPending(HELD_BACK);
              assertThatThrownBy(failed::join).hasMessageContaining("actor fail failed");
            });

    assertThat(ended.status()).isEqualTo(InstanceStatus.SUCCEEDED);
  }

  @Test
  void failure_looksAsItDidToThePrograms() {
    var seen = new CompletableFuture<List<Throwable>>();
    var ended =
        run(
            m -> {
              var failed = m.begin("fail");
              var handled = failed.handle((run, e) -> e).join();
              try {
                failed.get();
              } catch (ExecutionException e) {
                seen.complete(List.of(handled, e));
              } catch (InterruptedException e) {
                seen.completeExceptionally(e);
              }
            });

    assertThat(ended.status()).isEqualTo(InstanceStatus.SUCCEEDED);
    assertThat(seen.join().get(0))
        .isInstanceOf(CompletionException.class)
        .cause()
        .hasMessage("actor fail failed: exit code 1");
    assertThat(seen.join().get(1)).cause().hasMessage("actor fail failed: exit code 1");
  }

  @Test
  void run_thatIsCancelled_mayBeUnderWay() {
    var ended =
        run(
            m -> {
              var unwanted = m.begin("wait");
              world.containers.awaitWaiter();
              unwanted.cancel(true);
            });

    assertThat(ended.status()).isEqualTo(InstanceStatus.SUCCEEDED);
    world.containers.awaitCancelled();
  }

  @Test
  void program_thatAsksAfterItsEnd_isRefused() {
    var goOn = new CompletableFuture<Void>();
    var late = new CompletableFuture<Throwable>();
    world.machine(
        "M",
        () ->
            machineOf(
                m ->
                    forget(
                        goOn.thenRun(() -> m.actor("ok"))
                            .whenComplete((done, error) -> late.complete(error)))));
    var ended = world.ended(world.create("M"));
    assertThat(ended.status()).isEqualTo(InstanceStatus.SUCCEEDED);

    goOn.complete(null);

    assertThat(late.join()).hasMessageContaining("runAsync has ended");
    assertThat(world.containers.runs).isEmpty();
  }

  @Test
  void errorHandler_thatFails_isAddedToTheException() {
    world.machine(
        "M",
        () -> {
          var machine = (LambdaMachine) machineOf(m -> m.actor("fail"));
          machine.handler = m -> m.call("/result").thenAccept(answer -> {});
          return machine;
        });

    var ended = world.ended(world.create("M"));

    assertFailed(
        ended,
        "actor fail failed: exit code 1\nthen handleErrorAsync failed: parameters.Host is missing");
  }

  @Test
  void errorHandler_thatForgets_isAddedToTheException() {
    world.machine(
        "M",
        () -> {
          var machine = (LambdaMachine) machineOf(m -> m.actor("fail"));
          machine.handler =
              m -> {
                forget(m.begin("wait"));
                return CompletableFuture.completedFuture(null);
              };
          return machine;
        });

    var ended = world.ended(world.create("M"));

    assertFailed(
        ended,
        "actor fail failed: exit code 1\n"
            + "then handleErrorAsync failed: handleErrorAsync ended while 1 actor run was under"
            + " way; return or join its future");
  }

  @Test
  void errorHandler_isToldOfWhatWasForgotten_andMayAskForMore() {
    world.machine(
        "M",
        () -> {
          var machine =
              (LambdaMachine)
                  machineOf(
                      m -> {
                        forget(m.begin("wait"));
                        world.containers.awaitWaiter();
                      });
          machine.handler = m -> m.begin("ok").thenAccept(run -> {});
          return machine;
        });

    var ended = world.ended(world.create("M"));

    assertThat(ended.exception()).startsWith("runAsync ended while 1 actor run");
    assertThat(ended.exception()).doesNotContain("handleErrorAsync");
    assertThat(ended.startedActors()).extracting(ActorRun::name).containsExactly("wait", "ok");
  }
}
