package com.joyoi.management.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.instance.ServiceRegistry.Sign;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FormerSessionTest {
  private static final Duration LEASE = Duration.ofSeconds(20);
  private static final Duration PERIOD = Duration.ofSeconds(2);

  private final FormerSession former = new FormerSession(PERIOD);

  private boolean isSilent(String session, String beat, int seconds) {
    // Where nanoTime begins is anybody's guess.
    var now = Long.MAX_VALUE + Duration.ofSeconds(seconds).toNanos();
    return former.isSilent(new Sign("s", session, beat, LEASE), now);
  }

  @Test
  void heartbeat_thatStandsStillForItsLeaseAndAPeriod_isADeadOnes() {
    assertThat(isSilent("one", "tomorrow", 0)).isFalse();
    assertThat(isSilent("one", "tomorrow", 21)).isFalse();
    assertThat(isSilent("one", "tomorrow", 22)).isTrue();
  }

  @Test
  void heartbeat_thatGoesOn_beginsAnew() {
    assertThat(isSilent("one", "1", 0)).isFalse();
    assertThat(isSilent("one", "2", 21)).isFalse();
    assertThat(isSilent("two", "2", 42)).isFalse();
    assertThat(isSilent("two", "2", 63)).isFalse();
    assertThat(isSilent("two", "2", 64)).isTrue();
  }

  @Test
  void patience_isForTheLongerLease() {
    assertThat(former.patience(Duration.ofSeconds(5))).isEqualTo(Duration.ofSeconds(7));
    assertThat(isSilent("one", "1", 0)).isFalse();
    assertThat(former.patience(Duration.ofSeconds(5))).isEqualTo(Duration.ofSeconds(22));
  }
}
