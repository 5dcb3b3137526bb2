package com.joyoi.management.functional.runner;

import static com.joyoi.management.functional.runner.RunnerFixture.file;
import static com.joyoi.management.functional.runner.RunnerFixture.returning;
import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.confinement.Confinement;
import com.joyoi.management.functional.OwnNode;
import com.joyoi.management.functional.RunsActors;
import com.joyoi.management.model.ContainerOptions.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What the kernel refuses to a container, and keeps within bounds. */
@RunsActors
@OwnNode
@ParameterizedClass
@EnumSource(Transport.class)
class ConfinementTest {
  /** Calls that are answered with something else than EPERM. */
  private static final List<String> OTHERWISE =
      List.of(
          "clone3 ENOSYS",
          "fallocate EOPNOTSUPP",
          "sync done",
          "socket:AF_UNIX:0 done",
          "socket:AF_INET:0 done",
          "socket:AF_INET6:17 done",
          "socket:AF_NETLINK:0 done");

  @Parameter Transport transport;

  private RunnerFixture fixture;

  @BeforeEach
  void connect() {
    fixture = new RunnerFixture(transport);
  }

  @AfterEach
  void leavesNothing() {
    fixture.close();
  }

  private static String source(String name) {
    try (var stream = ConfinementTest.class.getResourceAsStream(name)) {
      return new String(
          Objects.requireNonNull(stream, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void calls_thatNoProgramNeeds_areRefused() {
    fixture.require("gcc");

    var told =
        fixture
            .bash(
                "gcc -o calls calls.c && ./calls > told" + returning("told"),
                file("calls.c", source("calls.c")))
            .output("told")
            .lines()
            .toList();

    assertThat(told).hasSizeGreaterThan(50).containsAll(OTHERWISE);
    assertThat(told)
        .filteredOn(line -> !OTHERWISE.contains(line))
        .allSatisfy(line -> assertThat(line).endsWith(" EPERM"));
  }

  @Test
  void settingsOfTheKernel_read_areThoseOfTheConfinement() {
    for (var setting : Confinement.SYSCTLS.entrySet()) {
      var path = "/proc/sys/" + setting.getKey().replace('.', '/');
      var value = fixture.bash("cat " + path + " > v" + returning("v")).output("v");
      assertThat(value.replaceAll("\\s+", " ")).as(path).isEqualTo(setting.getValue());
    }
  }

  @Test
  void limitsOfProcesses_read_areThoseOfTheConfinement() {
    var limits = fixture.bash("{ ulimit -Hc; ulimit -Hn; } > l" + returning("l")).output("l");

    // Bash shows the size of a core in blocks.
    assertThat(limits.lines()).containsExactly("0", "4096");
    var core = fixture.bash("grep 'core file' /proc/self/limits > l" + returning("l")).output("l");
    assertThat(core.replaceAll("\\s+", " ")).contains("Max core file size 1 1 bytes");
  }

  @Test
  void container_looksAround_seesItsOwnControlGroupAndNoDevices() {
    var groups = fixture.bash("cat /proc/self/cgroup > g" + returning("g")).output("g");
    assertThat(groups.lines()).allSatisfy(line -> assertThat(line).endsWith(":/"));

    var devices = fixture.bash("find /dev -type b > d" + returning("d")).output("d");
    assertThat(devices).isEmpty();
  }

  @Test
  void sharedMemory_thatNobodyUses_isGone() {
    fixture.require("python3");
    var left =
        fixture
            .bash(
                """
                cat > keep.py <<'PY'
                import ctypes
                c = ctypes.CDLL(None)
                for i in range(8):
                    c.shmget(0, 8 << 20, 0o1600)
                PY
                python3 keep.py
                tail -n +2 /proc/sysvipc/shm | wc -l > n
                """
                    + returning("n"))
            .output("n");

    assertThat(left).isEqualTo("0");
  }
}
