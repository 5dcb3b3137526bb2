package com.joyoi.management.functional.runner;

import static com.joyoi.management.functional.runner.RunnerFixture.returning;
import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.functional.docker.LiveNode;
import com.joyoi.management.model.ContainerOptions.Transport;
import com.joyoi.management.model.Limitation;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Every key of a limitation, read back inside the container; on cgroup v1 and v2. */
@ParameterizedClass
@EnumSource(Transport.class)
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
          swap=$(cat memory.swap.max) ; echo "memsw=$((memory + swap))"
          echo "pids=$(cat pids.max)"
          echo "read=$(grep -o 'rbps=[0-9]*' io.max | cut -d= -f2)"
          echo "write=$(grep -o 'wbps=[0-9]*' io.max | cut -d= -f2)"
        else
          echo "quota=$(cat cpu/cpu.cfs_quota_us)" ; echo "period=$(cat cpu/cpu.cfs_period_us)"
          echo "memory=$(cat memory/memory.limit_in_bytes)"
          echo "memsw=$(cat memory/memory.memsw.limit_in_bytes)"
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

  private String[] values(Limitation limitation) {
    return fixture.bash(READ_BACK, limitation).output("values").lines().toArray(String[]::new);
  }

  @Test
  void limits_allSet_areReadBackInside() {
    var limitation =
        Limitation.builder()
            .cpuPeriod(50_000L)
            .cpuQuota(25_000L)
            .memory(128L << 20)
            .memorySwap(192L << 20)
            .blkioDeviceReadBps(32L << 20)
            .blkioDeviceWriteBps(16L << 20)
            .pidsLimit(77L)
            .ulimit(Map.of("nofile", 321L, "core", 4096L))
            .build();

    assertThat(values(limitation))
        .contains(
            "quota=25000",
            "period=50000",
            "memory=" + (128L << 20),
            "memsw=" + (192L << 20),
            "read=" + (32L << 20),
            "write=" + (16L << 20),
            "pids=77",
            "nofile=321:321",
            "core=4096 4096");
  }

  @Test
  void limits_defaults_areReadBackInside() {
    assertThat(values(Limitation.NONE))
        .contains(
            "quota=1000000",
            "period=1000000",
            "memory=" + (256L << 20),
            "memsw=" + (512L << 20),
            "read=",
            "write=",
            "pids=512");
  }

  @Test
  void memorySwap_zero_isTwiceTheMemory() {
    var limitation = Limitation.builder().memory(100L << 20).memorySwap(0L).build();

    assertThat(values(limitation)).contains("memsw=" + (200L << 20));
  }

  @Test
  void memorySwap_equalToMemory_isNoSwap() {
    var limitation = Limitation.builder().memory(100L << 20).memorySwap(100L << 20).build();

    assertThat(values(limitation)).contains("memsw=" + (100L << 20));
  }

  @Test
  void network_default_isLoopbackOnly() {
    assertThat(values(Limitation.NONE)).contains("interfaces=lo");
  }

  @Test
  void network_enabledOnNodeWithoutBridge_isRefused() {
    // The test bed's engines have none, so that the tests change no firewall.
    var run = fixture.bash("true", Limitation.builder().enableNetwork(true).build());

    assertThat(run.failure()).contains("Limitation.EnableNetwork");
    assertThat(fixture.faults).isEmpty();
  }

  @Test
  void blkio_withoutDevice_isRefusedNamingBothSettings() {
    try (var bare =
        new RunnerFixture(
            LiveNode.options(LiveNode.address(), LiveNode.container(null, transport)))) {
      var run = bare.bash("true", Limitation.builder().blkioDeviceReadBps(1L << 20).build());

      assertThat(run.failure()).contains("Limitation.BlkioDeviceReadBps", "Container.DevicePath");
      assertThat(bare.faults).isEmpty();
    }
  }

  @Test
  void blkio_deviceThatTheNodeLacks_isRefused() {
    var options =
        LiveNode.options(LiveNode.address(), LiveNode.container("/dev/nosuchdevice", transport));
    try (var lacking = new RunnerFixture(options)) {
      var run = lacking.bash("true", Limitation.builder().blkioDeviceWriteBps(1L << 20).build());

      assertThat(run.failure())
          .contains("node-1", "can't keep a limit", "DevicePath", "/dev/nosuchdevice");
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
            "for i in {1..40}; do sleep 30 & done; echo started",
            Limitation.builder().pidsLimit(20L).build());

    assertThat(run.failure()).contains("fork");
  }
}
