package com.joyoi.management.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.model.BlobReference;
import com.joyoi.management.model.Instance;
import com.joyoi.management.model.InstanceStatus;
import com.joyoi.management.usercode.RunActorParam;
import com.joyoi.management.usercode.StateMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an instance says of the likely mistakes of who writes state machines. */
class MistakeTest {
  private static final Pattern PACKAGE = Pattern.compile("\\b(com|java)\\.[a-z]+\\.");

  private final EngineWorld world = new EngineWorld();

  @AfterEach
  void close() {
    world.close();
  }

  private Instance run(Supplier<StateMachine> machine) {
    return world.machine("M", machine).ended(world.create("M"));
  }

  /** The text of an instance that must have failed; it names no package, and no line twice. */
  private String failure(Supplier<StateMachine> machine) {
    var ended = run(machine);
    assertThat(ended.status()).isEqualTo(InstanceStatus.FAILED);
    var text = Objects.requireNonNull(ended.exception());
    assertThat(text).doesNotContainPattern(PACKAGE);
    assertThat(text.lines().toList()).doesNotHaveDuplicates();
    return text;
  }

  private static final class Misspelt extends StateMachine {
    @Override
    public CompletableFuture<Void> runAsync() {
      deployAndRunActorAsync(new RunActorParam("LineCount")).join();
      deployAndRunActorAsync(new RunActorParam("missingLineCuont")).join();
      return completed();
    }
  }

  @Test
  void actor_thatIsMisspelt_isToldWithTheNearestAndTheLine() {
    var text = failure(Misspelt::new);

    assertThat(text).matches("actor not found: missingLineCuont\n {2}at line \\d+ \\(runAsync\\)");
  }

  @Test
  void actor_thatIsNearlyKnown_isAskedFor() {
    run(() -> EngineWorld.machineOf(m -> m.actor("miss-LineCount")));

    assertThat(failure(() -> EngineWorld.machineOf(m -> m.actor("missingLineCount"))))
        .startsWith("actor not found: missingLineCount; did you mean 'miss-LineCount'?");
  }

  @Test
  void stage_thatIsUnknown_isNamed() {
    assertThat(
            failure(
                () ->
                    EngineWorld.machineOf(
                        m -> {
                          m.enter("Complie");
                          throw m.unknown();
                        })))
        .startsWith("state machine LambdaMachine knows no stage 'Complie'");
  }

  @Test
  void output_thatIsMisspelt_isToldWithThoseThatAreThere() {
    assertThat(failure(() -> EngineWorld.machineOf(m -> m.actor("ok").output("Out.txt"))))
        .contains("Out.txt")
        .contains("out.txt");
  }

  private static final class NullDereference extends StateMachine {
    @Override
    @SuppressWarnings("NullAway")
    public CompletableFuture<Void> runAsync() {
      @Nullable String host = parameters().get("Host");
      return host.isEmpty() ? completed() : setStageAsync("Called");
    }
  }

  @Test
  void nullPointer_isToldWithItsLine() {
    assertThat(failure(NullDereference::new))
        .startsWith("NullPointerException: Cannot invoke \"String.isEmpty()\"")
        .containsPattern("\n {2}at line \\d+ \\(runAsync\\)");
  }

  private static final class ThrowsInStep extends StateMachine {
    @Override
    public CompletableFuture<Void> runAsync() {
      return deployAndRunActorAsync(new RunActorParam("ok"))
          .thenApply(run -> run.outputs().get(7))
          .thenAccept(output -> {});
    }
  }

  @Test
  void exception_inThenApply_isToldWithItsLine() {
    assertThat(failure(ThrowsInStep::new))
        .startsWith("IndexOutOfBoundsException: Index: 7 Size: 1")
        .containsPattern("\n {2}at line \\d+ \\(runAsync\\)");
  }

  private static final class Endless extends StateMachine {
    @Override
    public CompletableFuture<Void> runAsync() {
      return deeper(0);
    }

    private CompletableFuture<Void> deeper(int depth) {
      return depth < 0 ? completed() : deeper(depth + 1);
    }
  }

  @Test
  void recursion_withoutEnd_isToldInFewLines() {
    assertThat(failure(Endless::new))
        .matches("StackOverflowError(\n {2}at line \\d+ \\(deeper\\)){1,3}");
  }

  @Test
  void inputs_ofOneName_areToldOnceWithTheRemedy() {
    assertThat(
            failure(
                () ->
                    EngineWorld.machineOf(
                        m -> {
                          var output = m.actor("ok").output("out.txt");
                          m.actor("ok", output, output, output);
                        })))
        .startsWith(
            "actor ok: inputs[1].name: file name 'out.txt' stands twice; names must be different;"
                + " BlobReference.withName gives a file another name for a run\n  at line ");
  }

  private static final class ReturnsNull extends StateMachine {
    @Override
    @SuppressWarnings("NullAway")
    public CompletableFuture<Void> runAsync() {
      return null;
    }
  }

  @Test
  void runAsync_thatReturnsNull_isToldWhatItMustReturn() {
    assertThat(failure(ReturnsNull::new))
        .isEqualTo("runAsync returned null; it must return a future, for example completed()");
  }

  @Test
  void error_isToldAsAnyException() {
    assertThat(
            failure(
                () ->
                    EngineWorld.machineOf(
                        m -> {
                          throw new AssertionError("7 is not 8");
                        })))
        .startsWith("AssertionError: 7 is not 8");
  }

  @Test
  void wrapper_withoutWordsOfItsOwn_isLeftOut() {
    assertThat(
            failure(
                () ->
                    EngineWorld.machineOf(
                        m -> {
                          throw new IllegalStateException(
                              new UncheckedIOException("no words", new IOException("full")));
                        })))
        .containsPattern(
            "^UncheckedIOException: no words\n {2}at line \\d+ \\(runAsync\\)\ncaused by IOException: full$");
  }

  private static final class Static extends StateMachine {
    private static final AtomicInteger ENTERED = new AtomicInteger();

    @Override
    public CompletableFuture<Void> runAsync() {
      ENTERED.incrementAndGet();
      return completed();
    }
  }

  @Test
  void staticState_ofARegisteredClass_isSharedByItsInstances() {
    Static.ENTERED.set(0);
    world.machine("M", Static::new);

    IntStream.range(0, 3).forEach(i -> world.ended(world.create("M")));

    assertThat(Static.ENTERED).hasValue(3);
  }

  private static final class ParallelRuns extends StateMachine {
    @Override
    public CompletableFuture<Void> runAsync() {
      var ran =
          IntStream.range(0, 20)
              .parallel()
              .mapToObj(i -> new RunActorParam("ok", List.of(), "" + i))
              .map(param -> deployAndRunActorAsync(param).join().tag())
              .toList();
      if (ran.size() != 20 || startedActors().all().size() != 20) {
        throw new IllegalStateException("ran " + ran);
      }
      return completed();
    }
  }

  @Test
  void parallelStream_thatRunsActors_isSafe() {
    assertThat(run(ParallelRuns::new).status()).isEqualTo(InstanceStatus.SUCCEEDED);
  }

  @Test
  void blob_thatIsNoMore_isNamed() {
    var id = UUID.randomUUID();
    assertThat(failure(() -> EngineWorld.machineOf(m -> m.read(new BlobReference(id, "lost.txt")))))
        .contains(id.toString());
  }
}
