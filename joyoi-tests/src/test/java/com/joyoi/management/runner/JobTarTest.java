package com.joyoi.management.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.model.ActorLanguage;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.Limitation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;

class JobTarTest {
  private static final ContainerJob.Events NO_EVENTS =
      new ContainerJob.Events() {
        @Override
        public void placed(String containerId, String containerName) {}

        @Override
        public void output(String name, long sizeBytes, InputStream content) {}
      };

  private static final String NO_HASH = "";

  private static ContainerJob.JobFile file(String name, int announced, String content) {
    var bytes = content.getBytes(StandardCharsets.UTF_8);
    return new ContainerJob.JobFile(
        name, announced, NO_HASH, () -> new ByteArrayInputStream(bytes));
  }

  private static TarArchiveInputStream tar(ContainerJob.JobFile... inputs) {
    return tar(ContainerOptions.DEFAULTS, inputs);
  }

  private static TarArchiveInputStream tar(
      ContainerOptions options, ContainerJob.JobFile... inputs) {
    return new TarArchiveInputStream(jobTar(options, "/", inputs).open(), "UTF-8");
  }

  private static JobTar jobTar(
      ContainerOptions options, String root, ContainerJob.JobFile... inputs) {
    var job = job(ActorLanguage.BASH, inputs);
    var names = List.of(inputs).stream().map(ContainerJob.JobFile::name).toList();
    return JobTar.of(job, names, options, new Sandbox.Layout(root, Set.of(), null));
  }

  private static ContainerJob job(ActorLanguage language, ContainerJob.JobFile... inputs) {
    return new ContainerJob(
        UUID.randomUUID(),
        UUID.randomUUID(),
        List.of(inputs),
        "program".getBytes(StandardCharsets.UTF_8),
        language,
        Limitation.DEFAULTS,
        false,
        false,
        NO_EVENTS);
  }

  private static List<String> listing(TarArchiveInputStream tar) throws IOException {
    var lines = new ArrayList<String>();
    for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      var content = new String(tar.readAllBytes(), StandardCharsets.UTF_8);
      var shown = entry.getName().endsWith(".sh") ? "script" : content;
      lines.add(
          Integer.toOctalString(entry.getMode() & 07777) + " " + entry.getName() + " " + shown);
      assertThat(entry.getLongUserId()).isZero();
    }
    return lines;
  }

  @Test
  void tar_ofAJob_hasFoldersThenInputsThenProgramThenScript() throws IOException {
    var longName = "汉".repeat(80);

    assertThat(listing(tar(file("a/b", 1, "x"), file(longName, 600, "y".repeat(600)))))
        .containsExactly(
            "1777 workdir/ ",
            "755 workdir/a/ ",
            "755 workdir/actor/ ",
            "644 workdir/a/b x",
            "644 workdir/" + longName + " " + "y".repeat(600),
            "644 workdir/actor/actor.jar program",
            "644 workdir/run-actor.sh script");
  }

  @Test
  void tar_withACopyOfTheProgram_hasBoth() throws IOException {
    var job = job(ActorLanguage.PYTHON);
    var layout = new Sandbox.Layout("/workdir/", Set.of(), "actor/actor.py");

    var tar = JobTar.of(job, List.of(), ContainerOptions.DEFAULTS, layout);

    assertThat(listing(new TarArchiveInputStream(tar.open(), "UTF-8")))
        .containsExactly(
            "755 actor/ ",
            "644 actor/actor.jar program",
            "644 actor/actor.py program",
            "644 run-actor.sh script");
  }

  /** Default options with other places for program, log and result. */
  private static ContainerOptions options(String program, String log, String result) {
    var defaults = ContainerOptions.DEFAULTS;
    return new ContainerOptions(
        null,
        8,
        defaults.workDir(),
        program,
        defaults.actorExecuteCommand(),
        log,
        result,
        defaults.transport(),
        defaults.sandboxes());
  }

  @Test
  void tar_withProgramElsewhere_hasItsFoldersAndTheScriptThereToo() throws IOException {
    var options = options("/actor/bin/a.dll", "/actor/run.log", "/workdir/out/return.json");

    assertThat(listing(tar(options, file("a", 1, "x"))))
        .containsExactly(
            "1777 workdir/ ",
            "755 actor/ ",
            "755 actor/bin/ ",
            "755 workdir/out/ ",
            "644 workdir/a x",
            "644 actor/bin/a.dll program",
            "644 workdir/run-actor.sh script",
            "755 actor/run-actor.sh script");
  }

  @Test
  void tar_withLogInAFolderOfTheSystem_leavesThatFolderAlone() throws IOException {
    assertThat(listing(tar(options("a.jar", "/var/log/run.log", "/tmp/return.json"))))
        .containsExactly(
            "1777 workdir/ ", "644 workdir/a.jar program", "644 workdir/run-actor.sh script");
  }

  @Test
  void tar_belowTheWorkDir_namesNoneAndHasNoFolderForIt() throws IOException {
    var tar = jobTar(ContainerOptions.DEFAULTS, "/workdir/", file("a/b", 1, "x"));

    assertThat(listing(new TarArchiveInputStream(tar.open(), "UTF-8")))
        .containsExactly(
            "755 a/ ",
            "755 actor/ ",
            "644 a/b x",
            "644 actor/actor.jar program",
            "644 run-actor.sh script");
  }

  @Test
  void size_ofAnyJob_isThatOfTheTar() throws IOException {
    var tar =
        jobTar(
            ContainerOptions.DEFAULTS,
            "/",
            file("汉".repeat(80), 513, "y".repeat(513)),
            file("e", 0, ""));

    assertThat(tar.open().readAllBytes()).hasSize((int) tar.sizeBytes());
  }

  @Test
  void content_shorterThanAnnounced_failsTheReading() {
    assertThatThrownBy(() -> listing(tar(file("a", 10, "x"))))
        .hasMessageContaining("ended 9 bytes before");
  }

  @Test
  void content_longerThanAnnounced_failsTheReading() {
    assertThatThrownBy(() -> listing(tar(file("a", 1, "xyz")))).hasMessageContaining("is longer");
  }

  @Test
  void contents_notReachedYet_areNotOpened() throws IOException {
    var opened = new AtomicInteger();
    var second =
        new ContainerJob.JobFile(
            "second",
            0,
            NO_HASH,
            () -> {
              opened.incrementAndGet();
              return new ByteArrayInputStream(new byte[0]);
            });

    try (var tar = tar(file("first", 1000, "x".repeat(1000)), second)) {
      tar.getNextEntry();
    }

    assertThat(opened).hasValue(0);
  }
}
