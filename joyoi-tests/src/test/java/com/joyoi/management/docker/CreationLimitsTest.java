package com.joyoi.management.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.model.Ulimit;
import com.joyoi.management.confinement.Confinement;
import com.joyoi.management.confinement.SyscallFilter;
import com.joyoi.management.model.Limitation;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which limits a node takes, and how it is noticed that it drops one. */
class CreationLimitsTest {
  private static final String NO_SWAP_LIMIT =
      "Your kernel does not support swap limit capabilities. Memory limited without swap.";

  private static ContainerSpec spec(Limitation limitation, @Nullable String devicePath) {
    return new ContainerSpec(
        "name",
        "image",
        List.of("bash"),
        false,
        "/",
        Map.of(),
        Map.of(),
        limitation,
        devicePath,
        null);
  }

  private static List<String> dropped(Limitation limitation, String... warnings) {
    return new Creation("node", spec(limitation, null)).droppedLimits(List.of(warnings));
  }

  @Test
  void warning_ofADroppedLimit_counts() {
    var pids = "Your kernel does not support PIDs limit capabilities. PIDs limit discarded.";

    assertThat(dropped(Limitation.DEFAULTS, pids)).containsExactly(pids);
  }

  @Test
  void warning_ofSomethingElse_doesNotCount() {
    assertThat(dropped(Limitation.DEFAULTS, "The image is for another platform")).isEmpty();
    assertThat(dropped(Limitation.DEFAULTS)).isEmpty();
  }

  @Test
  void warning_ofSwap_countsOnlyWhereSomebodySetIt() {
    var chosen = Limitation.builder().memory(1L << 28).memorySwap(1L << 28).build();

    assertThat(dropped(Limitation.builder().memory(1L << 28).build(), NO_SWAP_LIMIT)).isEmpty();
    assertThat(dropped(chosen, NO_SWAP_LIMIT)).containsExactly(NO_SWAP_LIMIT);
  }

  @Test
  void swap_thatNobodySet_isTwiceTheMemory() {
    var memory = Limitation.builder().memory(100L << 20);

    assertThat(HostConfigs.memorySwapBytes(spec(memory.build(), null))).isEqualTo(200L << 20);
    assertThat(HostConfigs.memorySwapBytes(spec(memory.memorySwap(0L).build(), null)))
        .isEqualTo(200L << 20);
    assertThat(HostConfigs.memorySwapBytes(spec(memory.memorySwap(150L << 20).build(), null)))
        .isEqualTo(150L << 20);
  }

  @ParameterizedTest
  @CsvSource({
    // period, quota, and what the engine is told
    "1000000, 1000000, 100000, 100000",
    "1000000, 2500000, 100000, 250000",
    "1000000, 2147483647, 100000, 214748364",
    "300000, 100000, 100000, 33333",
    "100000, 50000, 100000, 50000",
    "50000, 25000, 50000, 25000",
    // No shorter than the kernel takes.
    "1000000, 3000, 333334, 1000",
    "1000000, 1000, 1000000, 1000"
  })
  void cpu_ofALongPeriod_isTheSameShareOfAShortOne(
      long period, long quota, long toldPeriod, long toldQuota) {
    var limitation = Limitation.builder().cpuPeriod(period).cpuQuota(quota).build();

    var config = HostConfigs.of("node", spec(limitation, null));

    assertThat(config.getCpuPeriod()).isEqualTo(toldPeriod);
    assertThat(config.getCpuQuota()).isEqualTo(toldQuota);
  }

  @Test
  void blkioLimit_withoutADevice_isRefusedByTheSettingsName() {
    var limitation = Limitation.builder().blkioDeviceReadBps(1000L).build();

    assertThatThrownBy(() -> HostConfigs.of("node", spec(limitation, null)))
        .isInstanceOfSatisfying(DockerException.class, e -> assertThat(e.isNodeFault()).isFalse())
        .hasMessageContaining("Limitation.BlkioDeviceReadBps (1000)")
        .hasMessageContaining("Container.DevicePath");
    assertThat(HostConfigs.of("node", spec(limitation, "/dev/vda")).getBlkioDeviceReadBps())
        .hasSize(1);
  }

  @Test
  void limits_thatTheEngineDidNotNote_areNamed() {
    var limitation =
        Limitation.builder().cpuPeriod(1000L).cpuQuota(500L).memory(1L << 28).pidsLimit(9L).build();
    var asked = HostConfigs.of("node", spec(limitation, null));
    var actual =
        HostConfigs.of("node", spec(limitation, null)).withPidsLimit(null).withCpuQuota(0L);

    assertThat(HostConfigs.dropped(asked, asked, false)).isEmpty();
    assertThat(HostConfigs.dropped(asked, actual, false)).containsExactly("CPUQuota", "PidsLimit");
    assertThat(HostConfigs.dropped(asked, actual.withMemorySwap(-1L), true))
        .doesNotContain("MemorySwap");
    assertThat(HostConfigs.dropped(asked, actual, false)).contains("MemorySwap");
  }

  @Test
  void container_ofAnyLimitation_hasNoPrivileges() {
    var config = HostConfigs.of("node", spec(Limitation.DEFAULTS, null));

    assertThat(config.getNetworkMode()).isEqualTo("none");
    assertThat(config.getSecurityOpts())
        .containsExactly("no-new-privileges", "seccomp=" + SyscallFilter.profile());
    assertThat(config.getIpcMode()).isEqualTo("private");
    assertThat(config.getCgroupnsMode()).isEqualTo("private");
    assertThat(config.getSysctls()).isEqualTo(Confinement.SYSCTLS);
    assertThat(config.getPrivileged()).isNotEqualTo(true);
    assertThat(config.getBinds()).isNullOrEmpty();
  }

  @Test
  void ulimits_thatSomebodyChose_standBesideOurOwn() {
    var limitation = Limitation.builder().ulimit(Map.of("nofile", 64L, "stack", 8L)).build();

    assertThat(HostConfigs.of("node", spec(limitation, null)).getUlimits())
        .containsExactlyInAnyOrder(
            new Ulimit("core", 1L, 1L),
            new Ulimit("nofile", 64L, 64L),
            new Ulimit("stack", 8L, 8L));
  }
}
