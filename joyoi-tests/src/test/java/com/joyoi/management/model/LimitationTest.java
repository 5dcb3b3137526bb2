package com.joyoi.management.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class LimitationTest {
  private static Limitation.Builder limit() {
    return Limitation.builder();
  }

  @Test
  void specificLevel_overAGeneralOne_winsKeyByKey() {
    var general = limit().memory(100L).pidsLimit(5L).ulimit(Map.of("nofile", 9L, "core", 1L));
    var specific = limit().memory(50L).ulimit(Map.of("nofile", 3L));

    var merged = specific.build().over(general.build());

    assertThat(merged.memory()).isEqualTo(50L);
    assertThat(merged.pidsLimit()).isEqualTo(5L);
    assertThat(merged.ulimit()).isEqualTo(Map.of("nofile", 3L, "core", 1L));
  }

  @Test
  void inheritedSwap_belowASpecificMemory_isRaisedToIt() {
    var general = limit().memory(100L).memorySwap(100L).build();

    assertThat(limit().memory(200L).build().over(general).memorySwap()).isEqualTo(200L);
    assertThat(limit().memory(50L).build().over(general).memorySwap()).isEqualTo(100L);
    assertThat(limit().memory(200L).memorySwap(300L).build().over(general).memorySwap())
        .isEqualTo(300L);
    assertThat(limit().memory(200L).build().over(limit().memorySwap(0L).build()).memorySwap())
        .isZero();
  }

  @Test
  void values_thatAreImpossible_areNamedAllAtOnce() {
    var limitation =
        limit().memory(0L).memorySwap(-1L).cpuQuota(Long.MAX_VALUE).ulimit(Map.of("nofile", -2L));

    assertThat(limitation.build().faults("limitation."))
        .satisfiesExactlyInAnyOrder(
            fault ->
                assertThat(fault).isEqualTo("limitation.memory is 0; it must be greater than 0"),
            fault -> assertThat(fault).startsWith("limitation.memorySwap is -1"),
            fault -> assertThat(fault).startsWith("limitation.cpuQuota is 9223372036854775807"),
            fault -> assertThat(fault).startsWith("limitation.ulimit.nofile is -2"));
    assertThat(limit().memory(10L).memorySwap(5L).build().faults(""))
        .containsExactly("memorySwap is 5; it must be 0, or at least memory (10)");
    assertThat(Limitation.DEFAULTS.faults("")).isEmpty();
  }

  @Test
  void looserFields_areNamed_andTighterOnesAreNot() {
    var base = Limitation.DEFAULTS;

    assertThat(limit().memory(1L).executionTimeout(1L).build().over(base).loosens(base)).isEmpty();
    assertThat(limit().blkioDeviceReadBps(1L).build().over(base).loosens(base)).isEmpty();
    assertThat(limit().cpuQuota(2_000_000L).build().over(base).loosens(base))
        .containsExactly("cpuQuota");
    assertThat(
            limit()
                .enableNetwork(true)
                .ulimit(Map.of("nofile", 1L))
                .build()
                .over(base)
                .loosens(base))
        .containsExactly("enableNetwork", "ulimit.nofile");
  }
}
