package com.joyoi.management.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.container.ContainerWorld;
import com.joyoi.management.container.LiveSandbox;
import com.joyoi.management.docker.ContainerSpec;
import com.joyoi.management.docker.DockerException;
import com.joyoi.management.docker.FakeAttachment;
import com.joyoi.management.docker.FakeDockerEngine;
import com.joyoi.management.docker.FakeDockerEngine.FakeContainer;
import com.joyoi.management.model.ActorLanguage;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.Limitation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose fault it is when a conversation breaks. */
class StreamSandboxTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final String GREETING = "joyoi-sandbox 1 1 agent reset\nok\n";

  private final ContainerWorld world = new ContainerWorld();
  private final FakeDockerEngine engine = world.engine.daemon;
  private final FakeAttachment attachment = new FakeAttachment();
  private final FakeContainer container = created();
  private final LiveSandbox live = world.live(container, attachment);
  private final StreamSandbox sandbox = over(live);

  private StreamSandbox over(LiveSandbox made) {
    return new StreamSandbox(
        engine,
        made,
        ContainerOptions.DEFAULTS,
        new ContainerJob(
            UUID.randomUUID(),
            UUID.randomUUID(),
            List.of(),
            new byte[0],
            ActorLanguage.BASH,
            Limitation.DEFAULTS,
            false,
            false,
            new RunnerWorld()),
        List.of());
  }

  private FakeContainer created() {
    engine.setProgram(started -> {});
    var id =
        engine.create(
            new ContainerSpec(
                "name",
                "image",
                List.of("bash"),
                true,
                "/",
                Map.of(),
                Map.of(),
                Limitation.DEFAULTS,
                null,
                null));
    engine.start(id);
    return engine.containers().getFirst();
  }

  private void prepared() {
    attachment.says(GREETING);
    live.connection().greet(0, TIMEOUT);
    sandbox.start();
  }

  private void assertNodeFault(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(DockerException.class, e -> assertThat(e.isNodeFault()).isTrue());
  }

  @Test
  void run_thatEnds_isItsExitCodeAndWhetherTheKernelKilled() {
    prepared();
    attachment.says("ran exitCode=3 wallUs=1 oomKills=1 killed=0 survivors=0 end=exit\n");

    var end = sandbox.awaitEnd(TIMEOUT).orElseThrow();

    assertThat(end.exitCode()).isEqualTo(3);
    assertThat(end.oomKilled()).isTrue();
    assertThat(sandbox.look()).isEqualTo(end);
  }

  @Test
  void run_killedAtItsDeadline_hasNoEnd() {
    prepared();
    attachment.says("ran exitCode=137 wallUs=1 oomKills=0 killed=0 survivors=0 end=deadline\n");

    assertThat(sandbox.awaitEnd(TIMEOUT)).isEmpty();
  }

  @Test
  void connection_thatEndsWithAContainerThatEndedItself_isTheProgramsFault() {
    prepared();
    container.exit(3);

    assertThatThrownBy(() -> sandbox.awaitEnd(TIMEOUT))
        .isInstanceOf(ProgramFaultException.class)
        .hasMessageContaining("the sandbox died")
        .hasMessageContaining("exit code 3");
  }

  @Test
  void sandbox_thatGivesUpAndSaysWhy_isTheProgramsFault() {
    prepared();
    attachment.says("fatal memory can't be had\n");
    container.exit(1);

    assertThatThrownBy(() -> sandbox.awaitEnd(TIMEOUT))
        .isInstanceOf(ProgramFaultException.class)
        .hasMessageContaining("memory can't be had");
  }

  @Test
  void sandbox_whoseInputEnds_isTheNodesFault() {
    prepared();
    attachment.says("fatal the input ended, or something came, while a command ran\n");
    container.exit(1);

    assertNodeFault(() -> sandbox.awaitEnd(TIMEOUT));
  }

  @Test
  void sandbox_whoseLastWordsAreLost_isTheNodesFault() {
    prepared();
    container.exit(1);

    assertNodeFault(() -> sandbox.awaitEnd(TIMEOUT));
  }

  @Test
  void sandbox_thatEndsWhileTheEngineGoesDown_isTheNodesFault() {
    prepared();
    container.exit(3);
    engine.beginShutdown();

    assertNodeFault(() -> sandbox.awaitEnd(TIMEOUT));
  }

  @Test
  void start_ofAContainerThatHasEnded_isJudgedAsItsEnd() {
    attachment.says(GREETING);
    live.connection().greet(0, TIMEOUT);
    container.exit(3);
    attachment.onWrite(
        text -> {
          throw DockerException.nodeFault("broken pipe", null);
        });

    assertThatThrownBy(sandbox::start)
        .isInstanceOf(ProgramFaultException.class)
        .hasMessageContaining("the sandbox died");
  }

  @Test
  void connection_thatEndsWithAContainerOutOfMemory_isTheProgramsFault() {
    prepared();
    container.runOutOfMemory();

    assertThatThrownBy(() -> sandbox.open("x"))
        .isInstanceOf(ProgramFaultException.class)
        .hasMessageContaining("memory");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 137, 143})
  void connection_thatEndsWithAContainerThatWasEnded_isTheNodesFault(int exitCode) {
    prepared();
    container.exit(exitCode);

    assertNodeFault(() -> sandbox.awaitEnd(TIMEOUT));
  }

  @Test
  void connection_thatEndsWhileTheContainerRuns_isTheNodesFault() {
    prepared();

    assertNodeFault(() -> sandbox.awaitEnd(TIMEOUT));
  }

  @Test
  void connection_thatEndsWithTheEngine_isTheNodesFault() {
    prepared();
    engine.setMode(FakeDockerEngine.Mode.FAILS);

    assertNodeFault(() -> sandbox.awaitEnd(TIMEOUT));
  }

  @Test
  void silence_whileTheEngineIsGone_isTheNodesFault() {
    prepared();
    attachment.staysSilent();
    engine.setMode(FakeDockerEngine.Mode.FAILS);

    assertNodeFault(() -> sandbox.awaitEnd(TIMEOUT));
  }

  @Test
  void silence_whileTheContainerRuns_isWaitedFor() {
    prepared();
    attachment.staysSilent().staysSilent();
    attachment.says("ran exitCode=0 wallUs=1 oomKills=0 killed=0 survivors=0 end=exit\n");

    assertThat(sandbox.awaitEnd(TIMEOUT)).isPresent();
  }

  @Test
  void inputs_thatTheSandboxRefuses_areTheNodesFault() {
    prepared();
    attachment.says("error io can't write x\n");

    assertNodeFault(() -> sandbox.put(new ByteArrayInputStream(new byte[1]), 1));
  }

  @Test
  void inputs_thatDoNotFitIntoMemory_areNoFaultOfTheNode() {
    prepared();
    attachment.says("error space no room\n");

    assertThatThrownBy(() -> sandbox.put(new ByteArrayInputStream(new byte[1]), 1))
        .isInstanceOfSatisfying(DockerException.class, e -> assertThat(e.isNodeFault()).isFalse())
        .hasMessage("the files of the run do not fit into its sandbox: no room");
  }

  @Test
  void inputs_thatDoNotFitOnADisk_areTheNodesFault() {
    attachment.says("error space no room\n");
    var onDisk = over(world.live(container, attachment, true));

    assertNodeFault(() -> onDisk.put(new ByteArrayInputStream(new byte[1]), 1));
  }

  @Test
  void content_thatBreaksOff_isJudgedToo() throws IOException {
    prepared();
    attachment.says("file 10 10\nabc");
    container.exit(3);

    try (var file = sandbox.open("x").orElseThrow()) {
      assertThatThrownBy(() -> file.content().readAllBytes())
          .isInstanceOf(ProgramFaultException.class);
    } catch (ProgramFaultException e) {
      assertThat(e).hasMessageContaining("the sandbox died");
    }
  }

  @Test
  void path_inTheWay_isNamedCleanly() {
    prepared();
    attachment.says("refused link a\u001B[31m\n");

    assertThatThrownBy(() -> sandbox.open("a\u001B[31m/b"))
        .isInstanceOf(ProgramFaultException.class)
        .hasMessage("'a\uFFFD[31m' is a link, not a folder");
  }
}
