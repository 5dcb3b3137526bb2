package com.joyoi.management.compile;

import static com.joyoi.management.compile.Sources.diagnostics;
import static com.joyoi.management.compile.Sources.stateMachine;
import static com.joyoi.management.compile.Sources.value;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the text, the answer is a value. */
class HostileSourceTest {
  private static final SourceCompiler COMPILER = new SourceCompiler();

  /** Below the limit, and long enough to be slow if something is more than linear. */
  private static final int LONG = 100_000;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " \n\t",
        "\0\0\0",
        "// nothing",
        "/* never closed",
        "import java.util.*;",
        "module a {}",
        "package a;",
        "class",
        "class X { \\u0022 \\uZZZZ \\u",
        "class X { void f() { String s = \"never closed",
        "class X { void f() { String s = \"\"\"\nnever closed",
        "class X extends X {}",
        "class X {} class X {}",
        "class X { int int = 'ab'; }",
        "\uD800 class \uDFFF X {}",
        "@interface A { A value(); } @A(@A) class X {}",
        "class X<T extends X<X<X<? super X<T>>>>> { X<X<X>> x = new X<>() {}; }",
        "interface com {} class X extends com.joyoi.management.usercode.StateMachine {}",
        "package java.lang; public class String {}",
        "package java.evil; public class Evil {}",
        "package com.joyoi.management.engine; class X {}",
        "package com.joyoi.management.usercode; public class StateMachine {}",
        "class X { <T> void f() { f(f(f(f(f(f(f(() -> g())))))));} }",
      })
  void source_thatIsNoProgram_fails(String source) {
    assertThat(diagnostics(COMPILER.compileStateMachine(source)))
        .isNotEmpty()
        .allSatisfy(it -> assertThat(it.message()).isNotBlank());
    assertThat(diagnostics(COMPILER.compileActor(source))).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "{", "[", "class A {", "if(true)", "-+", "()->", "!", "a.", "A<"})
  void source_deeplyNested_fails(String piece) {
    var text = "class X { Object f = " + piece.repeat(LONG / 2 / piece.length());

    assertThat(diagnostics(COMPILER.compileStateMachine(text))).isNotEmpty();
  }

  @Test
  void source_bracketsInText_areNotNesting() {
    var source = stateMachine("Text", "String s = \"" + "(".repeat(1000) + "\"; return null;");

    assertThat(value(COMPILER.compileStateMachine(source))).isNotNull();
  }

  @Test
  void source_longGarbage_fails() {
    var random = new Random(1);
    var garbage =
        random.ints(LONG, 0, 0x10000).mapToObj(it -> "" + (char) it).collect(Collectors.joining());

    assertThat(diagnostics(COMPILER.compileStateMachine(garbage))).hasSizeLessThanOrEqualTo(100);
  }

  @Test
  void source_longGarbageOfTokens_failsWithBoundedDiagnostics() {
    var tokens =
        "class int { } ( ) ; = static x < > , . @ public void if for \"a\" 1 -> ::".split(" ");
    var random = new Random(2);
    var garbage =
        random
            .ints(LONG / 4, 0, tokens.length)
            .mapToObj(it -> tokens[it])
            .collect(Collectors.joining(" "));

    assertThat(diagnostics(COMPILER.compileStateMachine(garbage))).hasSizeLessThanOrEqualTo(100);
  }

  @Test
  void source_overTheLimit_failsWithTheLimit() {
    var source = " ".repeat(SourceCompiler.MAX_SOURCE_LENGTH) + "x";

    assertThat(diagnostics(COMPILER.compileStateMachine("x" + source)))
        .singleElement()
        .satisfies(it -> assertThat(it.message()).contains("" + SourceCompiler.MAX_SOURCE_LENGTH));
  }

  @Test
  void source_methodTooLargeForAClassFile_fails() {
    var source = stateMachine("Large", "hashCode();\n".repeat(20_000) + "return null;");

    assertThat(diagnostics(COMPILER.compileStateMachine(source)))
        .anySatisfy(it -> assertThat(it.message()).contains("65535"));
  }

  @Test
  void source_byteOrderMarkAndNoLastNewline_compiles() {
    var source = "\uFEFF" + stateMachine("Marked").strip();

    assertThat(value(COMPILER.compileStateMachine(source)).className()).isEqualTo("Marked");
  }

  @Test
  void source_unicodeEscapesAndForeignLetters_compile() {
    var source = stateMachine("\\u0041\u00DF\u4E2D");

    assertThat(value(COMPILER.compileStateMachine(source)).className()).isEqualTo("A\u00DF\u4E2D");
  }
}
