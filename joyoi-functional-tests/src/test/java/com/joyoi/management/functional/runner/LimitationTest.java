package com.joyoi.management.functional.runner;

import static com.joyoi.management.functional.runner.RunnerFixture.returning;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.joyoi.management.functional.LeftOut;
import com.joyoi.management.functional.OwnNode;
import com.joyoi.management.functional.RunsActors;
import com.joyoi.management.functional.docker.LiveNode;
import com.joyoi.management.model.ContainerOptions.Transport;
import com.joyoi.management.model.Limitation;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every key of a limitation, read back inside the container; on cgroup v1 and v2. */
@ParameterizedClass
@EnumSource(Transport.class)
@RunsActors
@OwnNode
class LimitationTest {
  @Parameter Transport transport;

  /** Prints what the kernel says as {@code key=value}. */
  private static final String READ_BACK =
      """
      cd /sys/fs/cgroup
      {
        if [[ -f cgroup.controllers ]]; then
          read -r quota period < cpu.max
          echo "quota=$quota" ; echo "period=$period"
          memory=$(cat memory.max) ; echo "memory=$memory"
          swap=$(cat memory.swap.max 2>/dev/null || true)
          echo "memsw=${swap:+$((memory + swap))}"
          echo "pids=$(cat pids.max)"
          echo "read=$(grep -o 'rbps=[0-9]*' io.max | cut -d= -f2)"
          echo "write=$(grep -o 'wbps=[0-9]*' io.max | cut -d= -f2)"
        else
          echo "quota=$(cat cpu/cpu.cfs_quota_us)" ; echo "period=$(cat cpu/cpu.cfs_period_us)"
          echo "memory=$(cat memory/memory.limit_in_bytes)"
          echo "memsw=$(cat memory/memory.memsw.limit_in_bytes 2>/dev/null || true)"
          echo "pids=$(cat pids/pids.max)"
          echo "read=$(cut -d' ' -f2 blkio/blkio.throttle.read_bps_device)"
          echo "write=$(cut -d' ' -f2 blkio/blkio.throttle.write_bps_device)"
        fi
        echo "nofile=$(ulimit -Sn):$(ulimit -Hn)"
        echo "core=$(grep 'Max core file size' /proc/self/limits | tr -s ' ' | cut -d' ' -f5,6)"
        echo "interfaces=$(ls /sys/class/net | tr '\\n' ' ')"
      } > /workdir/values
      cd /workdir
      """
          + returning("values");

  private RunnerFixture fixture;

  @BeforeEach
  void connect() {
    fixture = new RunnerFixture(transport);
  }

  @AfterEach
  void leavesNothing() {
    fixture.close();
  }

  private List<String> values(Limitation limitation) {
    return fixture.bash(READ_BACK, limitation).output("values").lines().toList();
  }

  /** A swap limit that nobody set may be left to a node that has no accounting for it. */
  private long memoryAndSwap(Limitation limitation) {
    var value =
        values(limitation).stream()
            .filter(line -> line.startsWith("memsw="))
            .map(line -> line.substring("memsw=".length()))
            .findFirst()
            .orElseThrow();
    assumeFalse(value.isEmpty(), "the node's kernel does not account for swap");
    return Long.parseLong(value);
  }

  static Stream<Arguments> limits() {
    return Stream.of(
        arguments(
            "CPUPeriod, CPUQuota",
            Limitation.builder().cpuPeriod(50_000L).cpuQuota(25_000L),
            List.of("quota=25000", "period=50000")),
        arguments(
            "Memory", Limitation.builder().memory(128L << 20), List.of("memory=" + (128L << 20))),
        arguments(
            "MemorySwap",
            Limitation.builder().memory(128L << 20).memorySwap(192L << 20),
            List.of("memsw=" + (192L << 20))),
        arguments(
            "BlkioDeviceReadBps",
            Limitation.builder().blkioDeviceReadBps(32L << 20),
            List.of("read=" + (32L << 20))),
        arguments(
            "BlkioDeviceWriteBps",
            Limitation.builder().blkioDeviceWriteBps(16L << 20),
            List.of("write=" + (16L << 20))),
        arguments("PidsLimit", Limitation.builder().pidsLimit(77L), List.of("pids=77")),
        arguments(
            "Ulimit",
            Limitation.builder().ulimit(Map.of("nofile", 321L, "core", 4096L)),
            List.of("nofile=321:321", "core=4096 4096")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("limits")
  void limit_set_isReadBackInside(
      String name, Limitation.Builder limitation, List<String> expected) {
    assertThat(values(limitation.build())).containsAll(expected);
  }

  @Test
  void limits_defaults_areReadBackInside() {
    assertThat(values(Limitation.NONE))
        .contains(
            "quota=100000",
            "period=100000",
            "memory=" + (256L << 20),
            "read=",
            "write=",
            "pids=512");
  }

  @Test
  void memorySwap_default_isTwiceTheMemory() {
    assertThat(memoryAndSwap(Limitation.NONE)).isEqualTo(512L << 20);
  }

  @Test
  void memorySwap_zero_isTwiceTheMemory() {
    var limitation = Limitation.builder().memory(100L << 20).memorySwap(0L).build();

    assertThat(memoryAndSwap(limitation)).isEqualTo(200L << 20);
  }

  @Test
  void memorySwap_equalToMemory_isNoSwap() {
    var limitation = Limitation.builder().memory(100L << 20).memorySwap(100L << 20).build();

    assertThat(memoryAndSwap(limitation)).isEqualTo(100L << 20);
  }

  @Test
  void network_default_isLoopbackOnly() {
    assertThat(values(Limitation.NONE)).contains("interfaces=lo");
  }

  @Test
  @LeftOut("nodes have a bridge, unlike those of the test bed")
  void network_enabledOnNodeWithoutBridge_isRefused() {
    // The test bed's engines have none, so that the tests change no firewall.
    var run = fixture.bash("true", Limitation.builder().enableNetwork(true).build());

    assertThat(run.failure()).contains("Limitation.EnableNetwork");
    assertThat(fixture.faults).isEmpty();
  }

  @Test
  void blkio_withoutDevice_isRefusedNamingBothSettings() {
    try (var bare =
        new RunnerFixture(LiveNode.options(LiveNode.container(null).withTransport(transport)))) {
      var run = bare.bash("true", Limitation.builder().blkioDeviceReadBps(1L << 20).build());

      assertThat(run.failure()).contains("Limitation.BlkioDeviceReadBps", "Container.DevicePath");
      assertThat(bare.faults).isEmpty();
    }
  }

  @Test
  void blkio_deviceThatTheNodeLacks_isRefused() {
    var options =
        LiveNode.options(LiveNode.container("/dev/nosuchdevice").withTransport(transport));
    try (var lacking = new RunnerFixture(options)) {
      var run = lacking.bash("true", Limitation.builder().blkioDeviceWriteBps(1L << 20).build());

      assertThat(run.failure())
          .contains(options.name(), "can't keep a limit", "DevicePath", "/dev/nosuchdevice");
      assertThat(lacking.faults).isEmpty();
    }
  }

  @Test
  void memory_tooLittleForTheEngine_isRefusedWithItsWords() {
    var run = fixture.bash("true", Limitation.builder().memory(1024L).build());

    assertThat(run.failure()).contains("Minimum memory limit");
  }

  @Test
  void ulimit_unknownName_isRefused() {
    var run = fixture.bash("true", Limitation.builder().ulimit(Map.of("bogus", 5L)).build());

    assertThat(run.failure()).containsIgnoringCase("bogus");
    assertThat(fixture.faults).isEmpty();
  }

  @Test
  void executionTimeout_exceeded_endsTheRun() {
    var run = fixture.bash("sleep 600", Limitation.builder().executionTimeout(700L).build());

    assertThat(run.failure()).isEqualTo("execution timeout of 700 ms exceeded");
    assertThat(fixture.faults).isEmpty();
  }

  @Test
  void memory_exceeded_isCalledOutOfMemory() {
    var run =
        fixture.bash(
            "x=$(head -c 200000000 /dev/zero | tr '\\0' a)\necho ${#x}",
            Limitation.builder().memory(64L << 20).memorySwap(64L << 20).build());

    assertThat(run.failure()).startsWith("out of memory (Limitation.Memory is 67108864 bytes)");
  }

  @Test
  void exitCode137_withoutAnyKill_isNotCalledOutOfMemory() {
    var run = fixture.bash("exit 137");

    assertThat(run.failure()).contains("exit code 137").doesNotContain("out of memory");
  }

  @Test
  void pidsLimit_reached_stopsForks() {
    var run =
        fixture.bash(
            // Not in bash, which tries to fork for 15 seconds before it gives up.
            "sh -c 'for i in $(seq 40); do sleep 30 & done; echo started'",
            Limitation.builder().pidsLimit(20L).build());

    assertThat(run.failure()).contains("fork");
  }
}
