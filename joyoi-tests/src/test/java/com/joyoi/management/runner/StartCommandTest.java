package com.joyoi.management.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.model.ActorLanguage;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.Limitation;
import java.io.InputStream;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How an actor's program is started. */
class StartCommandTest {
  private static final ContainerOptions USUAL = ContainerOptions.DEFAULTS;

  private static ContainerJob job(ActorLanguage language) {
    var noEvents =
        new ContainerJob.Events() {
          @Override
          public void placed(String containerId, String containerName) {}

          @Override
          public void output(String name, long sizeBytes, InputStream content) {}
        };
    return new ContainerJob(
        UUID.randomUUID(),
        UUID.randomUUID(),
        List.of(),
        new byte[0],
        language,
        Limitation.DEFAULTS,
        false,
        false,
        noEvents);
  }

  private static ContainerOptions options(String program, String command) {
    return new ContainerOptions(
        null,
        8,
        USUAL.workDir(),
        program,
        command,
        USUAL.actorExecuteLogPath(),
        USUAL.resultPath(),
        USUAL.transport(),
        USUAL.sandboxes());
  }

  @ParameterizedTest
  @CsvSource({
    "actor/actor.jar, actor/actor.sh",
    "./a.dll, a.sh",
    "/workdir/a, a.sh",
    "a.jar.x, a.jar.x.sh"
  })
  void script_isStartedUnderANameThatFits(String program, String copy) {
    var options = options(program, USUAL.actorExecuteCommand());

    assertThat(StartCommand.of(job(ActorLanguage.BASH), options, List.of("in.txt")))
        .isEqualTo(new StartCommand("exec bash /workdir/" + copy + " &> run-actor.log", copy));
  }

  @Test
  void python_isStartedByItsInterpreter() {
    assertThat(StartCommand.of(job(ActorLanguage.PYTHON), USUAL, List.of()).text())
        .isEqualTo("exec python3 /workdir/actor/actor.py &> run-actor.log");
  }

  @ParameterizedTest
  @CsvSource({"actor/actor.sh", "actor/actor.sh/below"})
  void inputOfThatName_isNotOverwritten(String input) {
    assertThat(StartCommand.of(job(ActorLanguage.BASH), USUAL, List.of(input)))
        .isEqualTo(new StartCommand("exec bash /workdir/actor/actor.jar &> run-actor.log", null));
  }

  @ParameterizedTest
  @CsvSource({
    "actor/actor.jar, bash x.sh",
    "/actor/actor.jar, sh run-actor.sh &> run-actor.log",
    "it's one.jar, sh run-actor.sh &> run-actor.log"
  })
  void programOfAnotherKind_isStartedAsConfigured(String program, String command) {
    assertThat(StartCommand.of(job(ActorLanguage.BASH), options(program, command), List.of()))
        .isEqualTo(new StartCommand(command, null));
  }

  @Test
  void java_isStartedAsConfigured() {
    assertThat(StartCommand.of(job(ActorLanguage.JAVA), USUAL, List.of()))
        .isEqualTo(new StartCommand(USUAL.actorExecuteCommand(), null));
  }
}
