package com.joyoi.management.compile;

import static com.joyoi.management.compile.Sources.diagnostics;
import static com.joyoi.management.compile.Sources.stateMachine;
import static com.joyoi.management.compile.Sources.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.Diagnostic;
import org.junit.jupiter.api.Test;

class StateMachineCompilationTest {
  private static final SourceCompiler COMPILER = new SourceCompiler();

  @Test
  void source_oneClass_becomesNewObjects() {
    var compiled = value(COMPILER.compileStateMachine(stateMachine("Simple")));

    assertThat(compiled.className()).isEqualTo("Simple");
    assertThat(compiled.newInstance()).isNotSameAs(compiled.newInstance());
  }

  @Test
  void source_packageAndManyKindsOfClasses_compiles() {
    var compiled =
        value(
            COMPILER.compileStateMachine(
                """
                package judge.v2;

                import com.fasterxml.jackson.databind.JsonNode;
                import com.joyoi.management.model.BlobReference;
                import com.joyoi.management.usercode.StateMachine;
                import java.util.List;
                import java.util.concurrent.CompletableFuture;

                public class Judge extends StateMachine {
                  record Pair<A, B>(A left, B right) {}
                  enum Verdict { RIGHT, WRONG }
                  sealed interface Shape permits Round {}
                  static final class Round implements Shape {}
                  private final Object anonymous = new Object() { int answer() { return 42; } };

                  @Override
                  public CompletableFuture<Void> runAsync() {
                    record Local(JsonNode json, BlobReference blob) {}
                    Runnable lambda = () -> new Helper().help(List.of(new Pair<>(1, "a")).getFirst());
                    lambda.run();
                    return switch (stage()) {
                      case INITIAL_STAGE -> completed();
                      default -> throw unknownStage();
                    };
                  }
                }

                class Helper {
                  Object help(Object it) {
                    return it instanceof Judge.Pair<?, ?>(Integer left, var right) ? left : it;
                  }
                }
                """));

    assertThat(compiled.className()).isEqualTo("judge.v2.Judge");
    assertThat(compiled.newInstance()).isNotNull();
  }

  @Test
  void source_severalErrors_tellsAllWithLineAndColumnInOrder() {
    var source = stateMachine("Bad", "int a = \"one\";\n    undefined();\n    return null");

    assertThat(diagnostics(COMPILER.compileStateMachine(source)))
        .extracting(Diagnostic::line, Diagnostic::column)
        .containsExactly(tuple(5L, 13L), tuple(6L, 5L), tuple(7L, 12L));
  }

  @Test
  void source_withoutStateMachine_saysWhatIsMissing() {
    assertThat(diagnostics(COMPILER.compileStateMachine("class Other {}")))
        .singleElement()
        .satisfies(it -> assertThat(it.message()).contains("StateMachine", "constructor", "Other"));
  }

  @Test
  void source_abstractStateMachineOnly_saysWhatIsMissing() {
    var source = stateMachine("Half").replace("public class", "public abstract class");

    assertThat(diagnostics(COMPILER.compileStateMachine(source)))
        .singleElement()
        .satisfies(it -> assertThat(it.message()).contains("abstract"));
  }

  @Test
  void source_constructorWithParameters_isRefused() {
    var source = stateMachine("Needy").replace("{\n  @Override", "{ Needy(int it) {}\n  @Override");

    assertThat(diagnostics(COMPILER.compileStateMachine(source)))
        .singleElement()
        .satisfies(it -> assertThat(it.message()).contains("Needy", "constructor"));
  }

  @Test
  void source_twoStateMachines_takesThePublicOne() {
    var second =
        "class Base extends StateMachine { public CompletableFuture<Void> runAsync() {"
            + " return completed(); } }";

    assertThat(value(COMPILER.compileStateMachine(stateMachine("Shown") + second)).className())
        .isEqualTo("Shown");
  }

  @Test
  void source_twoStateMachinesNonePublic_isRefused() {
    var source = stateMachine("One") + "class Two extends One {}";

    assertThat(diagnostics(COMPILER.compileStateMachine(source.replace("public class", "class"))))
        .singleElement()
        .satisfies(it -> assertThat(it.message()).contains("public"));
  }

  @Test
  void source_innerPackagesOfTheService_areInvisible() {
    var source = stateMachine("Curious", "com.joyoi.management.compile.SourceHash.of(null, null);");

    assertThat(diagnostics(COMPILER.compileStateMachine(source)))
        .anySatisfy(it -> assertThat(it.message()).contains("cannot be resolved"));
  }

  @Test
  void classes_ofTwoSourcesWithTheSameName_areApart() {
    var first = value(COMPILER.compileStateMachine(stateMachine("Same")));
    var second = value(COMPILER.compileStateMachine(stateMachine("Same") + "// other"));

    assertThat(first.newInstance().getClass()).isNotEqualTo(second.newInstance().getClass());
  }

  @Test
  void class_namedAsOneOfTheClassPath_isItsOwn() {
    var source = stateMachine("String").replace("public class", "public final class");

    assertThat(value(COMPILER.compileStateMachine(source)).newInstance().getClass().getName())
        .isEqualTo("String");
  }

  @Test
  void result_sameSourceAgain_isTheSameClass() {
    assertThat(value(COMPILER.compileStateMachine(stateMachine("Cached"))))
        .isSameAs(value(COMPILER.compileStateMachine(stateMachine("Cached"))));
  }

  @Test
  void newInstance_constructorThrows_isInvalidAndNamesTheClass() {
    var source = stateMachine("Broken").replace("{\n  @Override", "{ int a = 1 / 0;\n  @Override");

    assertThatThrownBy(value(COMPILER.compileStateMachine(source))::newInstance)
        .isInstanceOfSatisfying(
            JoyoiException.class,
            it -> assertThat(it.kind()).isEqualTo(JoyoiException.Kind.INVALID))
        .hasMessageContainingAll("Broken", "/ by zero");
  }

  @Test
  void newInstance_staticInitializerThrows_isInvalidEachTime() {
    var source =
        stateMachine("Broken").replace("{\n  @Override", "{ static int a = 1 / 0;\n  @Override");
    var compiled = value(COMPILER.compileStateMachine(source));

    assertThatThrownBy(compiled::newInstance).isInstanceOf(JoyoiException.class);
    assertThatThrownBy(compiled::newInstance).isInstanceOf(JoyoiException.class);
  }

  @Test
  void warmUp_anyTime_doesNotThrow() {
    COMPILER.warmUp();
  }
}
