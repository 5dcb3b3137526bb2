package com.joyoi.management.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.runner.FileNames.Fault;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileNamesTest {
  private static FileNames.Checked check(String... names) {
    return FileNames.checkInputs(List.of(names), ContainerOptions.DEFAULTS);
  }

  @Test
  void names_allowed_areNormalised() {
    var checked = check("a", "./b", "c/./d", "..e", "f..", "-x", "汉 字.txt");

    assertThat(checked.faults()).isEmpty();
    assertThat(checked.names()).containsExactly("a", "b", "c/d", "..e", "f..", "-x", "汉 字.txt");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/a",
        "..",
        "a/..",
        "../a",
        "a/../b",
        ".",
        "./",
        "a/",
        "a//b",
        "a/.",
        "a\u0000b",
        "a\nb",
        "a\u007fb",
        "a\ud800b"
      })
  void name_outsideTheRule_isRefused(String name) {
    assertThat(check(name).faults()).hasSize(1);
  }

  @Test
  void name_ofWhatTheRunPutsInTheWorkDirByAbsolutePath_isTaken() {
    var defaults = ContainerOptions.DEFAULTS;
    var options =
        new ContainerOptions(
            null,
            1,
            defaults.workDir(),
            "/actor/a.jar",
            defaults.actorExecuteCommand(),
            "run.log",
            "/workdir/out/return.json",
            defaults.transport(),
            defaults.sandboxes());

    assertThat(FileNames.checkInputs(List.of("a.jar", "actor"), options).faults()).isEmpty();
    assertThat(FileNames.checkInputs(List.of("out/return.json"), options).faults()).hasSize(1);
    assertThat(FileNames.checkInputs(List.of("out"), options).faults()).hasSize(1);
  }

  @Test
  void name_of255Bytes_isTheLongest() {
    assertThat(check("x".repeat(255)).faults()).isEmpty();
    assertThat(check("x".repeat(256)).faults()).hasSize(1);
    assertThat(check("汉".repeat(86)).faults()).singleElement().asString().contains("258 bytes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run-actor.sh",
        "./run-actor.sh",
        "actor/actor.jar",
        "actor",
        "actor/actor.jar/x",
        "return.json",
        "run-actor.log"
      })
  void name_thatTheRunUses_isRefused(String name) {
    assertThat(check(name).messages()).singleElement().asString().contains("is taken");
  }

  @Test
  void name_besideTheProgram_isAllowed() {
    assertThat(check("actor/other").faults()).isEmpty();
  }

  @Test
  void names_equalAfterNormalising_areRefusedOnce() {
    assertThat(check("x", "a", "y", "./a", "a").faults())
        .containsExactly(new Fault(3, "file name 'a' stands twice; names must be different"));
  }

  @Test
  void names_fileThatIsAlsoAFolder_areRefused() {
    assertThat(check("a", "a/b").messages()).singleElement().asString().contains("the folder of");
  }

  @Test
  void name_hostile_isShownPrintable() {
    assertThat(check("a\u001b[31m").messages().getFirst()).doesNotContain("\u001b");
  }
}
