package com.joyoi.management.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.joyoi.management.compile.SourceCompiler;
import com.joyoi.management.compile.Sources;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.error.JoyoiException.Kind;
import com.joyoi.management.model.ActorLanguage;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ActorCatalogTest {
  private static final SourceCompiler COMPILER = new SourceCompiler();
  private static final String JAVA = Sources.actor("Work", "System.out.println(1);");

  private final InMemoryDefinitions definitions = new InMemoryDefinitions();
  private final ActorCatalog catalog = ActorCatalog.over(definitions, COMPILER);

  @Test
  void create_javaBody_storesItWithItsJar() {
    var id = catalog.create("Work", ActorLanguage.JAVA, JAVA);

    var actor = catalog.find("Work").orElseThrow();
    assertThat(actor.id()).isEqualTo(id);
    assertThat(actor.body()).isEqualTo(JAVA);
    assertThat(catalog.list()).containsExactly(actor);
    var program = catalog.program(catalog.currentHash("Work").orElseThrow());
    assertThat(program.language()).isEqualTo(ActorLanguage.JAVA);
    assertThat(program.content()).startsWith('P', 'K');
  }

  @Test
  void create_script_isPassedThroughUnchecked() {
    catalog.create("Odd", ActorLanguage.BASH, "if then é (");

    assertThat(catalog.program(catalog.currentHash("Odd").orElseThrow()).content())
        .isEqualTo("if then é (".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void create_bodyThatDoesNotCompile_isRefusedAndStoresNothing() {
    assertThatThrownBy(() -> catalog.create("Bad", ActorLanguage.JAVA, "class Bad {"))
        .asInstanceOf(type(SourceRejectedException.class))
        .satisfies(it -> assertThat(it.diagnostics()).isNotEmpty())
        .satisfies(it -> assertThat(it.kind()).isEqualTo(Kind.INVALID));
    assertThat(catalog.list()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " a",
        "a ",
        "a/b",
        "all",
        "ALL",
        "All",
        "Ａｌｌ",
        ".",
        "..",
        "a\n",
        "a\tb",
        "*",
        "a%",
        "\u0301a",
        "a\u3000b",
        "a\u202eb",
        "\ud83d\ude00",
        "a:b",
        "a'b"
      })
  void create_badName_isInvalidAndNamesTheField(String name) {
    assertInvalid(() -> catalog.create(name, ActorLanguage.BASH, "true"), "name is '");
  }

  @Test
  void create_nameOf100Characters_isTheLongest() {
    catalog.create("a".repeat(100), ActorLanguage.BASH, "true");
    // Two chars of Java each.
    catalog.create("\ud840\udc0b".repeat(100), ActorLanguage.BASH, "true");

    assertInvalid(() -> catalog.create("b".repeat(101), ActorLanguage.BASH, "true"), "name is '");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "编译 C++ (gcc)",
        "Prüfer",
        "हिन्दी",
        "Компилятор-2",
        "٣",
        "a  b",
        "+",
        "(x)",
        "_",
        "...",
        "é"
      })
  void create_nameOfAnyScript_isFoundInEachForm(String name) {
    var id = catalog.create(Normalizer.normalize(name, Form.NFD), ActorLanguage.BASH, "true");

    assertThat(catalog.find(name).orElseThrow().name())
        .isEqualTo(Normalizer.normalize(name, Form.NFC));
    assertThat(catalog.find(Normalizer.normalize(name, Form.NFD)).orElseThrow().id()).isEqualTo(id);
    assertThat(catalog.currentHash(Normalizer.normalize(name, Form.NFD))).isPresent();
    catalog.update(Normalizer.normalize(name, Form.NFD), name, null, "false");
    assertThat(catalog.delete(Normalizer.normalize(name, Form.NFD))).isTrue();
  }

  @Test
  void create_nameTaken_isConflict() {
    catalog.create("Work", ActorLanguage.BASH, "true");

    assertThatThrownBy(() -> catalog.create("Work", ActorLanguage.BASH, "false"))
        .asInstanceOf(type(JoyoiException.class))
        .satisfies(it -> assertThat(it.kind()).isEqualTo(Kind.CONFLICT));
  }

  @Test
  void create_emptyOrHugeScript_isInvalidAndNamesTheField() {
    var huge = "é".repeat(DefinitionRules.MAX_SCRIPT_BYTES / 2) + "a";

    assertInvalid(
        () -> catalog.create("A", ActorLanguage.PYTHON, " \n"),
        "body is empty; it must be a script");
    assertInvalid(
        () -> catalog.create("A", ActorLanguage.JAVA, ""), "body is empty; it must be Java source");
    assertInvalid(() -> catalog.create("A", ActorLanguage.PYTHON, huge), "body has 1048577 bytes");
  }

  @ParameterizedTest
  @CsvSource({
    "#!/bin/bash, bash",
    "#!/bin/sh -e, bash",
    "#! /usr/bin/env bash, bash",
    "#!/usr/bin/env python3, python",
    "#!/usr/bin/env -S python3.11 -u, python",
    "#!/usr/bin/python, python",
    "\ufeff#!/bin/bash, bash"
  })
  void language_leftOut_isTheOneThatTheBodyNames(String line, String language) {
    catalog.create("Work", null, line + "\r\ntrue\n");

    assertThat(catalog.find("Work").orElseThrow().language().wireName()).isEqualTo(language);
  }

  @Test
  void language_leftOut_isJavaOrTheStoredOneWithoutSuchALine() {
    catalog.create("Work", null, JAVA);
    assertThat(catalog.find("Work").orElseThrow().language()).isEqualTo(ActorLanguage.JAVA);

    catalog.update("Work", null, null, "#!/bin/bash\ntrue");
    assertThat(catalog.find("Work").orElseThrow().language()).isEqualTo(ActorLanguage.BASH);
    catalog.update("Work", null, null, "false");
    assertThat(catalog.find("Work").orElseThrow().language()).isEqualTo(ActorLanguage.BASH);
  }

  @Test
  void interpreter_unknown_isRefusedByName() {
    assertInvalid(
        () -> catalog.create("Work", null, "#!/usr/bin/perl\n1;"),
        "the interpreter of body is '#!/usr/bin/perl'; it must be bash, sh or python3");
  }

  @Test
  void script_readAsJava_isToldSo() {
    assertThatThrownBy(() -> catalog.create("Work", null, "echo done"))
        .isInstanceOf(SourceRejectedException.class)
        .hasMessageStartingWith("body does not compile as Java, which is what it was read as")
        .hasMessageContainingAll("\"language\": \"bash\"", "#!/bin/bash", "1:");
    assertThatThrownBy(() -> catalog.create("Work", null, "class Work {"))
        .hasMessageStartingWith("body does not compile: ");
    assertThatThrownBy(() -> catalog.create("Work", ActorLanguage.JAVA, "echo done"))
        .hasMessageStartingWith("body does not compile: ");
  }

  @Test
  void update_bodyThatDoesNotCompile_leavesWhatWasThere() {
    catalog.create("Work", ActorLanguage.JAVA, JAVA);
    var before = catalog.find("Work");

    assertThatThrownBy(() -> catalog.update("Work", "New", null, "class {"))
        .isInstanceOf(SourceRejectedException.class);
    assertThat(catalog.find("Work")).isEqualTo(before);
    assertThat(catalog.find("New")).isEmpty();
  }

  @Test
  void update_languageAlone_compilesTheStoredBody() {
    catalog.create("Work", ActorLanguage.BASH, "true");

    assertThatThrownBy(() -> catalog.update("Work", null, ActorLanguage.JAVA, null))
        .isInstanceOf(SourceRejectedException.class);
    catalog.update("Work", null, ActorLanguage.PYTHON, null);
    assertThat(catalog.find("Work").orElseThrow().language()).isEqualTo(ActorLanguage.PYTHON);
  }

  @Test
  void update_newBody_keepsTheOldSourceForThoseThatPinnedIt() {
    catalog.create("Work", ActorLanguage.BASH, "old");
    var pinned = catalog.currentHash("Work").orElseThrow();
    catalog.update("Work", null, null, "new");

    assertThat(catalog.currentHash("Work")).isPresent().get().isNotEqualTo(pinned);
    assertThat(catalog.program(pinned).content()).asString().isEqualTo("old");
  }

  @Test
  void update_sameName_isNoConflict() {
    catalog.create("Work", ActorLanguage.BASH, "true");
    catalog.update("Work", "Work", null, "false");

    assertThat(catalog.find("Work").orElseThrow().body()).isEqualTo("false");
  }

  @Test
  void update_unknownName_isNotFound() {
    assertNotFound(() -> catalog.update("Nobody", null, null, null));
    assertThatThrownBy(() -> catalog.update("No\nbody" + "x".repeat(200), null, null, null))
        .hasMessage("actor not found: No?body" + "x".repeat(93) + "…");
  }

  @Test
  void delete_twice_isFalseTheSecondTime() {
    catalog.create("Work", ActorLanguage.BASH, "true");
    var pinned = catalog.currentHash("Work").orElseThrow();

    assertThat(catalog.delete("Work")).isTrue();
    assertThat(catalog.delete("Work")).isFalse();
    assertThat(catalog.currentHash("Work")).isEmpty();
    assertThat(catalog.program(pinned).content()).asString().isEqualTo("true");
  }

  @Test
  void program_compiledFormLost_isMadeAgainAndKept() {
    catalog.create("Work", ActorLanguage.JAVA, JAVA);
    var hash = catalog.currentHash("Work").orElseThrow();
    var jar = catalog.program(hash).content();
    definitions.forgetCompiled(hash);

    // Another service's: this one still has the program in memory.
    var other = ActorCatalog.over(definitions, COMPILER);
    assertThat(other.program(hash).content()).isEqualTo(jar);
    assertThat(definitions.source(hash).orElseThrow().compiled()).isEqualTo(jar);
  }

  @Test
  void program_unknownHash_isNotFound() {
    assertNotFound(() -> catalog.program("00"));
  }

  private static void assertInvalid(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .hasMessageStartingWith(message)
        .asInstanceOf(type(JoyoiException.class))
        .satisfies(it -> assertThat(it.kind()).isEqualTo(Kind.INVALID));
  }

  private static void assertNotFound(ThrowingCallable call) {
    assertThatThrownBy(call)
        .asInstanceOf(type(JoyoiException.class))
        .satisfies(it -> assertThat(it.kind()).isEqualTo(Kind.NOT_FOUND));
  }
}
