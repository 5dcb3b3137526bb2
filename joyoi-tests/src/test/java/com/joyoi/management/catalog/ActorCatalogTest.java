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
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
  @ValueSource(strings = {"", "a b", "a/b", "ä", "all", "ALL", "All", "a\n", "*"})
  void create_badName_isInvalidAndNamesTheField(String name) {
    assertInvalid(() -> catalog.create(name, ActorLanguage.BASH, "true"), "name is '");
  }

  @Test
  void create_nameOf100Characters_isTheLongest() {
    catalog.create("a".repeat(100), ActorLanguage.BASH, "true");

    assertInvalid(() -> catalog.create("a".repeat(101), ActorLanguage.BASH, "true"), "name is '");
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

    assertInvalid(() -> catalog.create("A", ActorLanguage.PYTHON, " \n"), "body is '");
    assertInvalid(() -> catalog.create("A", ActorLanguage.PYTHON, huge), "body has 1048577 bytes");
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

    assertThat(catalog.program(hash).content()).isEqualTo(jar);
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
