package com.joyoi.management.functional.runner;

import static com.joyoi.management.functional.runner.RunnerFixture.returning;
import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.functional.OwnNode;
import com.joyoi.management.functional.RunsActors;
import com.joyoi.management.model.ContainerOptions.Transport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a container may do. */
@RunsActors
@OwnNode
@ParameterizedClass
@EnumSource(Transport.class)
class PrivilegesTest {
  @Parameter Transport transport;

  /** Bits of CHOWN (0), DAC_OVERRIDE (1), FOWNER (3), KILL (5), SETGID (6), SETUID (7). */
  private static final String CAPABILITIES = "00000000000000eb";

  private RunnerFixture fixture;

  @BeforeEach
  void connect() {
    fixture = new RunnerFixture(transport);
  }

  @AfterEach
  void leavesNothing() {
    fixture.close();
  }

  @Test
  void processStatus_read_showsTheSixCapabilitiesAndNoNewPrivileges() {
    var status = fixture.bash("cat /proc/self/status > s" + returning("s")).output("s");

    assertThat(status.lines().map(line -> line.replaceAll("\\s+", " ")))
        .contains(
            "CapEff: " + CAPABILITIES,
            "CapPrm: " + CAPABILITIES,
            "CapBnd: " + CAPABILITIES,
            "CapAmb: 0000000000000000",
            "NoNewPrivs: 1",
            "Seccomp: 2",
            "Uid: 0 0 0 0");
  }

  @Test
  void workDir_listed_isRootsWithMode1777AndFilesAre0644() {
    var listing =
        fixture
            .bash(
                "stat -c '%a %U %n' . in in/x actor actor/actor.jar run-actor.sh > l"
                    + returning("l"),
                RunnerFixture.file("in/x", "1"))
            .output("l");

    assertThat(listing.lines())
        .containsExactly(
            "1777 root .",
            "755 root in",
            "644 root in/x",
            "755 root actor",
            "644 root actor/actor.jar",
            "644 root run-actor.sh");
  }

  @Test
  void program_started_hasItsWorkDirAndItsEnvironment() {
    var text =
        fixture
            .bash(
                "{ pwd; echo $JOYOI_ACTOR_PATH; echo $JOYOI_ACTOR_LANGUAGE; } > t" + returning("t"))
            .output("t");

    assertThat(text.lines()).containsExactly("/workdir", "/workdir/actor/actor.jar", "bash");
  }
}
