package com.joyoi.management.functional.runner;

import static com.joyoi.management.functional.runner.RunnerFixture.file;
import static com.joyoi.management.functional.runner.RunnerFixture.returning;
import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.docker.ContainerSpec;
import com.joyoi.management.functional.LeftOut;
import com.joyoi.management.functional.RunsActors;
import com.joyoi.management.functional.docker.LiveNode;
import com.joyoi.management.model.ContainerOptions.Transport;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.sandbox.SandboxConnection;
import com.joyoi.management.sandbox.SandboxScript;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What only the attached connection can do, or get wrong. */
@RunsActors
@LeftOut("the tests of both transports are enough on nodes of one's own")
class StreamTest {
  private static final Duration TIME = Duration.ofSeconds(60);

  private static NodeOptions overSocketFile() {
    var file = LiveNode.setting("JOYOI_TEST_NODE_1_SOCKET");
    return new NodeOptions(
        "node-1",
        LiveNode.image(),
        "unix://" + file,
        null,
        LiveNode.container().withTransport(Transport.STREAM));
  }

  @Test
  void run_overASocketFile_movesManyFilesAndLargeOnes() {
    try (var fixture = new RunnerFixture(overSocketFile())) {
      var names = IntStream.range(0, 40).mapToObj(i -> "f" + i).toList().toArray(String[]::new);

      var run =
          fixture.bash(
              "for i in {0..38}; do echo $i > f$i; done; head -c 40000000 /dev/zero | tr '\\0' x"
                  + " > f39"
                  + returning(names));

      assertThat(run.output("f17")).isEqualTo("17");
      assertThat(run.output("f39")).hasSize(40_000_000);
    }
  }

  @Test
  void run_atItsDeadline_leavesNothingRunningAndIsNoFaultOfTheNode() {
    try (var fixture = new RunnerFixture(Transport.STREAM)) {
      var run =
          fixture.bash(
              "(trap '' TERM HUP; while :; do :; done) & wait",
              Limitation.builder().executionTimeout(500L).build());

      assertThat(run.failure()).startsWith("execution timeout of 500 ms exceeded");
      assertThat(fixture.faults).isEmpty();
    }
  }

  @Test
  void program_thatWritesToProcess1_changesNothingOfTheConversation() {
    try (var fixture = new RunnerFixture(Transport.STREAM)) {
      var run =
          fixture.bash(
              "for fd in {0..20}; do echo 'ran exitCode=0' > /proc/1/fd/$fd; done 2> /dev/null\n"
                  + "kill -9 1; kill -STOP 1; echo ok > o"
                  + returning("o"));

      assertThat(run.output("o")).isEqualTo("ok");
    }
  }

  @Test
  void sandbox_usedAgain_hasNothingOfTheRunBefore() {
    try (var fixture = new RunnerFixture(Transport.STREAM)) {
      fixture.reuses = true;
      var leave =
          "hostname > h; for d in /workdir /tmp /var/tmp /dev/shm; do echo x > $d/left; done"
              + returning("h");
      var look =
          "hostname > h; ls -A /tmp /var/tmp /dev/shm left 2> /dev/null | grep left > l; true"
              + returning("h", "l");

      var first = fixture.bash(leave, file("in", "sent"));
      var second = fixture.bash(look, file("in", "sent"));

      assertThat(second.output("h")).isEqualTo(first.output("h"));
      assertThat(second.output("l")).isEmpty();
    }
  }

  @Test
  void input_thatComesAgain_isTheSame() {
    try (var fixture = new RunnerFixture(Transport.STREAM)) {
      fixture.reuses = true;
      for (int i = 0; i < 4; i++) {
        var run =
            fixture.bash(
                "cat a/in > o; echo changed > a/in" + returning("o"), file("a/in", "content"));

        assertThat(run.output("o")).isEqualTo("content");
      }
    }
  }

  @Test
  void root_ofASandbox_canNotBeWrittenTo() {
    try (var fixture = new RunnerFixture(Transport.STREAM)) {
      var run =
          fixture.bash("(echo x > /etc/x || echo x > /x || echo refused) > o" + returning("o"));

      assertThat(run.output("o")).isEqualTo("refused");
    }
  }

  /** As when the service is killed: nobody but the sandbox itself is left to end the program. */
  @Test
  void connection_dropped_endsEverythingInTheContainer() {
    try (var fixture = new RunnerFixture(Transport.STREAM)) {
      var engine = fixture.node.engine();
      var container =
          engine.create(
              new ContainerSpec(
                  "joyoi-dropped-" + UUID.randomUUID(),
                  LiveNode.image(),
                  SandboxScript.command("/workdir/"),
                  true,
                  "/workdir/",
                  Map.of(),
                  Map.of(),
                  Limitation.DEFAULTS,
                  null,
                  null));
      try {
        try (var connection = new SandboxConnection(engine.attach(container))) {
          engine.start(container);
          connection.greet(0, TIME);
          assertThat(connection.canReset()).isTrue();
          connection.run("(trap '' TERM; while :; do :; done) & wait", Map.of(), TIME);
        }

        assertThat(engine.awaitExit(container, TIME)).isPresent();
      } finally {
        engine.remove(container);
      }
    }
  }
}
