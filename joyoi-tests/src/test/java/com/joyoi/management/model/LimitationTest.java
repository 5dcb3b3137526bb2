package com.joyoi.management.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
        limit().memory(5L).memorySwap(-1L).cpuQuota(1L << 31).ulimit(Map.of("nofile", -2L));

    assertThat(limitation.build().faults("limitation."))
        .containsExactlyInAnyOrder(
            "limitation.memory is 5; it must be a whole number from 6291456 (6 MB, the least that a"
                + " Docker Engine takes) to 1152921504606846976",
            "limitation.memorySwap is -1; it must be a whole number from 0 to 1152921504606846976",
            "limitation.cpuQuota is 2147483648; it must be a whole number from 1000 to 2147483647",
            "limitation.ulimit.nofile is -2; it must be a whole number from 1 to"
                + " 1152921504606846976");
    assertThat(limit().memory(10L << 20).memorySwap(5L).build().faults(""))
        .containsExactly("memorySwap is 5; it must be 0, or at least memory (10485760)");
    assertThat(Limitation.DEFAULTS.faults("")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void number_outOfItsBounds_isAFaultAndIsBounded(Limit limit) {
    var builder = limit();
    limit.set(builder, limit.max());
    assertThat(builder.build().faults("")).isEmpty();
    limit.set(builder, limit.max() + 1);

    assertThat(builder.build().faults(""))
        .containsExactly(
            limit.key() + " is " + (limit.max() + 1) + "; it must be " + limit.expected());
    assertThat(limit.of(builder.build().bounded())).isEqualTo(limit.max());
  }

  /** The original's model has an int in these places, and reads a list as a whole. */
  @Test
  void numbers_thatDeployedClientsReadInto32Bits_fitThere() {
    assertThat(
            Stream.of(
                Limit.CPU_PERIOD,
                Limit.CPU_QUOTA,
                Limit.BLKIO_DEVICE_READ_BPS,
                Limit.BLKIO_DEVICE_WRITE_BPS,
                Limit.EXECUTION_TIMEOUT))
        .allMatch(limit -> limit.max() <= Integer.MAX_VALUE);
  }

  @Test
  void looserFields_areNamedWithBothValues_andTighterOnesAreNot() {
    var base = Limitation.DEFAULTS.toBuilder().ulimit(Map.of("nofile", 8L)).build();

    assertThat(limit().memory(1L).executionTimeout(1L).build().over(base).looserThan(base))
        .isEmpty();
    assertThat(limit().blkioDeviceReadBps(1L).build().over(base).looserThan(base)).isEmpty();
    assertThat(limit().cpuQuota(2_000_000L).build().over(base).looserThan(base))
        .containsExactly("cpuQuota is 2000000 of cpuPeriod 1000000 (allowed: 1000000 of 1000000)");
    assertThat(limit().memory(1L << 29).build().over(base).looserThan(base))
        .containsExactly("memory is 536870912 (allowed: 268435456)");
    assertThat(limit().memorySwap(1L << 30).build().over(base).looserThan(base))
        .containsExactly("memorySwap is 1073741824 (allowed: 536870912)");
    assertThat(
            limit()
                .enableNetwork(true)
                .ulimit(Map.of("nofile", 9L, "core", 1L))
                .build()
                .over(base)
                .looserThan(base))
        .containsExactly(
            "enableNetwork is true (allowed: false)",
            "ulimit.core is 1 (allowed: none is set)",
            "ulimit.nofile is 9 (allowed: 8)");
  }

  @Test
  void change_setsAndRemovesKeyByKey() {
    var stored =
        limit().memory(100L).pidsLimit(5L).enableNetwork(true).ulimit(Map.of("a", 1L, "b", 2L));
    var change = LimitationChange.of(limit().pidsLimit(6L).ulimit(Map.of("c", 3L)).build());

    assertThat(change.appliedTo(stored.build()))
        .isEqualTo(stored.pidsLimit(6L).ulimit(Map.of("a", 1L, "b", 2L, "c", 3L)).build());
    assertThat(
            change
                .without("memory")
                .without("enableNetwork")
                .without("ulimit.a")
                .appliedTo(stored.build()))
        .isEqualTo(limit().pidsLimit(6L).ulimit(Map.of("b", 2L, "c", 3L)).build());
    assertThat(
            LimitationChange.of(Limitation.NONE)
                .without("ulimit")
                .appliedTo(limit().ulimit(Map.of("a", 1L)).build()))
        .isEqualTo(Limitation.NONE);
    assertThatThrownBy(() -> change.without("memroy"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("memroy");
  }
}
