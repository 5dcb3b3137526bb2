package com.joyoi.management.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.docker.DockerException;
import com.joyoi.management.docker.FakeAttachment;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxConnectionTest {
  private static final Duration TIME = Duration.ofSeconds(5);

  private final FakeAttachment sandbox = new FakeAttachment();
  private final SandboxConnection connection = new SandboxConnection(sandbox);

  private static ByteArrayInputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void greet_sandboxOfALaterVersionThatSpeaksOurs_isAgreedOn() {
    sandbox.says("joyoi-sandbox 1 ").says("3 agent cache reset new\nok\n");

    connection.greet(5, TIME);

    assertThat(sandbox.heard()).isEqualTo("hello 1 cacheBytes=5 idleMs=5000\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "joyoi-sandbox 2 3 agent\n",
        "joyoi-sandbox 0 0 agent\n",
        "joyoi-sandbox x 1 agent\n",
        "joyoi-sandbox 1\n",
        "bash: no such file\n",
        "fatal the image has no tar\n",
        "\n",
        "joyoi-sand",
        ""
      })
  void greet_anythingElse_isBroken(String greeting) {
    sandbox.says(greeting);

    assertThatThrownBy(() -> connection.greet(5, TIME)).isInstanceOf(SandboxBrokenException.class);
  }

  @Test
  void greet_lineWithoutEnd_isBrokenAtItsBound() {
    sandbox.says("x".repeat(10_000));

    assertThatThrownBy(() -> connection.greet(5, TIME)).hasMessageContaining("8192");
  }

  @Test
  void greet_silence_isTheNodesFault() {
    sandbox.staysSilent();

    assertThatThrownBy(() -> connection.greet(5, TIME))
        .isInstanceOfSatisfying(DockerException.class, e -> assertThat(e.isTimedOut()).isTrue());
  }

  @Test
  void put_tar_isSentBehindItsLength() throws IOException {
    sandbox.says("ok\n");

    connection.put(stream("tartar"), 6);
    connection.settle();

    assertThat(sandbox.heard()).isEqualTo("put 6\ntartar");
  }

  @Test
  void put_tarThatEndsEarly_throws() {
    assertThatThrownBy(() -> connection.put(stream("tar"), 6))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("3 bytes early");
  }

  @Test
  void put_thatDoesNotFit_saysSoAndTheConversationGoesOn() throws IOException {
    sandbox.says("error space can't write x: No space left on device\nok\n");

    connection.put(stream("a"), 1);
    assertThatThrownBy(connection::settle)
        .isInstanceOfSatisfying(
            SandboxErrorException.class, e -> assertThat(e.isOutOfSpace()).isTrue())
        .hasMessage("can't write x: No space left on device");
    connection.put(stream("b"), 1);
    assertThat(connection.settle()).isEmpty();
  }

  @Test
  void settle_ofSeveral_sendsAllAtOnceAndTellsWhatItDoesNotKeep() throws IOException {
    sandbox.says("ok\nmissing\nok\nok\n");

    connection.put(stream("tar"), 3);
    connection.place("1", "644", "a");
    connection.store("2", stream("content"), 7);
    connection.place("2", "644", "b");
    assertThat(sandbox.heard()).isEmpty();

    assertThat(connection.settle()).containsExactly("a");
    assertThat(sandbox.heard())
        .isEqualTo("put 3\ntarplace 1 644 a\nstore 2 7\ncontentplace 2 644 b\n");
  }

  @Test
  void settle_whereOneFails_throwsWhenAllHaveAnswered() throws IOException {
    sandbox.says("error space full\nerror io broken\nok\nclean\n");

    connection.put(stream("tar"), 3);
    connection.store("1", stream("a"), 1);
    connection.place("1", "644", "a");

    assertThatThrownBy(connection::settle).hasMessage("full");
    assertThat(connection.reset()).isEmpty();
  }

  @Test
  void put_large_isSentInParts() throws IOException {
    var content = "x".repeat(200_000);
    sandbox.says("ok\n");

    connection.put(stream(content), content.length());
    connection.settle();

    assertThat(sandbox.heard()).isEqualTo("put 200000\n" + content);
  }

  @Test
  void run_command_isSentWithItsVariablesAndItsEndReported() {
    sandbox
        .staysSilent()
        .says("ran exitCode=137 wallUs=1500 oomKills=2 killed=3 survivors=0 end=exit new=1\n");

    connection.run("echo é\n", Map.of("A", "b c=d"), Duration.ofMillis(700));

    assertThat(sandbox.heard()).isEqualTo("run 700 1 8\nA=b c=d\necho é\n");
    assertThat(connection.awaitEnd(TIME)).isNull();
    assertThat(connection.awaitEnd(TIME))
        .isEqualTo(new RunReport(137, Duration.ofNanos(1_500_000), 2, 0, false));
  }

  @Test
  void run_variableWithLineBreak_isRefused() {
    assertThatThrownBy(() -> connection.run("x", Map.of("A", "1\nfetch"), TIME))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ran\n",
        "ran exitCode=0\n",
        "ran exitCode=256 wallUs=1 oomKills=0 killed=0 survivors=0 end=exit\n",
        "ran exitCode=-1 wallUs=1 oomKills=0 killed=0 survivors=0 end=exit\n",
        "ran exitCode=0 wallUs=99999999999999999999 oomKills=0 killed=0 survivors=0 end=exit\n",
        "ran exitCode wallUs=1 oomKills=0 killed=0 survivors=0 end=exit\n",
        "file 1 1\n",
        "ran exitCode=0 wall"
      })
  void awaitEnd_malformedReport_isBroken(String report) {
    sandbox.says(report);

    assertThatThrownBy(() -> connection.awaitEnd(TIME)).isInstanceOf(SandboxBrokenException.class);
  }

  private String contentOf(String path) throws IOException {
    var found = (FetchResult.Found) connection.fetch(path);
    return new String(found.content().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void fetch_smallFile_comesWithTheFirstAnswer() throws IOException {
    sandbox.says("file 3 3\na").says("bc").says("ok\nfile 0 0\nok\n");

    assertThat(contentOf("a b")).isEqualTo("abc");
    assertThat(contentOf("c")).isEmpty();
    assertThat(sandbox.heard()).isEqualTo("fetch 0 262144 a b\nfetch 0 262144 c\n");
  }

  @Test
  void fetch_largeFile_comesInParts() throws IOException {
    var size = 300_000;
    sandbox.says("file " + size + " 262144\n").says(new byte[262144]);
    sandbox.says("ok\nfile " + size + " 37856\n").says(new byte[37856]).says("ok\n");

    assertThat(contentOf("x")).hasSize(size);
    assertThat(sandbox.heard()).endsWith("fetch 262144 4194304 x\n");
  }

  @Test
  void fetch_closedEarly_takesOnePartAndNoMore() throws IOException {
    sandbox.says("file 1099511627776 262144\n").says(new byte[262144]).says("ok\nnone\n");

    var found = (FetchResult.Found) connection.fetch("huge");
    assertThat(found.sizeBytes()).isEqualTo(1L << 40);

    assertThat(connection.fetch("no")).isEqualTo(new FetchResult.Nothing());
    assertThat(sandbox.heard()).isEqualTo("fetch 0 262144 huge\nfetch 0 262144 no\n");
  }

  @Test
  void fetch_whatIsNoFile_isRefusedWithItsKind() {
    sandbox.says("refused link a/b c\nrefused whiteout x\n");

    assertThat(connection.fetch("a/b c/d"))
        .isEqualTo(new FetchResult.Refused(EntryKind.LINK, "a/b c"));
    assertThat(connection.fetch("x")).isEqualTo(new FetchResult.Refused(EntryKind.OTHER, "x"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file 3\n",
        "file 3 4\n",
        "file -1 0\n",
        "file 300000 5\n",
        "file 99999999999999999999 1\n",
        "file 3 3\nab",
        "file 3 3\nabcnone\n",
        "file 3 3\nabcerror io the file can't be read to its end\n",
        "ok\n"
      })
  void fetch_malformedAnswer_isBroken(String answer) {
    sandbox.says(answer);

    assertThatThrownBy(() -> contentOf("x")).isInstanceOf(SandboxBrokenException.class);
  }

  @Test
  void fetch_partOfAnotherSize_isBroken() {
    sandbox.says("file 300000 262144\n").says(new byte[262144]).says("ok\nfile 5 0\n");

    assertThatThrownBy(() -> contentOf("x")).isInstanceOf(SandboxBrokenException.class);
  }

  @Test
  void fetch_pathWithLineBreak_isRefused() {
    assertThatThrownBy(() -> connection.fetch("a\nreset"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(sandbox.heard()).isEmpty();
  }

  private static void cut(String text) {
    throw DockerException.nodeFault("broken pipe", null);
  }

  @Test
  void write_toASandboxThatHasSaidWhyItEnds_failsWithThat() throws IOException {
    sandbox.says("ok\nfatal the request is unknown\n");
    sandbox.onWrite(SandboxConnectionTest::cut);

    connection.put(stream("tar"), 3);

    assertThatThrownBy(connection::settle)
        .isInstanceOfSatisfying(SandboxBrokenException.class, e -> assertThat(e.isSaid()).isTrue())
        .hasMessage("the request is unknown")
        .hasSuppressedException(DockerException.nodeFault("broken pipe", null));
  }

  @Test
  void write_toASandboxThatHasEnded_isBroken() {
    sandbox.says("ok\n");
    sandbox.onWrite(SandboxConnectionTest::cut);

    assertThatThrownBy(connection::reset)
        .isInstanceOfSatisfying(
            SandboxBrokenException.class, e -> assertThat(e.isSaid()).isFalse());
  }

  @Test
  void write_thatFailsWhileTheSandboxSaysNothing_isTheNodesFault() {
    sandbox.staysSilent();
    sandbox.onWrite(SandboxConnectionTest::cut);

    assertThatThrownBy(connection::reset)
        .isInstanceOf(DockerException.class)
        .hasMessage("broken pipe");
  }
}
