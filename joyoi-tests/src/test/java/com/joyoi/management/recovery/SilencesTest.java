package com.joyoi.management.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.instance.ServiceRegistry.Sign;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SilencesTest {
  private final Silences silences = new Silences(Duration.ofSeconds(6));
  private long beats;

  private List<Sign> look(long second, Sign... signs) {
    var time = Duration.ofSeconds(second).toNanos();
    return silences.look(List.of(signs), time, time);
  }

  private static Sign still() {
    return new Sign("still", "session", "beat", Duration.ofSeconds(30));
  }

  private Sign alive() {
    return new Sign("alive", "session", "beat " + beats++, Duration.ofSeconds(30));
  }

  @Test
  void service_thatStandsStillForItsLease_isSilent() {
    for (int second = 0; second < 30; second += 2) {
      assertThat(look(second, still(), alive())).isEmpty();
    }

    assertThat(look(30, still(), alive())).containsExactly(still());
    assertThat(look(32, still(), alive())).containsExactly(still());
  }

  @Test
  void service_thatIsHeardOfAgain_isSilentNoMore() {
    for (int second = 0; second <= 30; second += 2) {
      look(second, still());
    }
    var again = new Sign("still", "session", "another beat", Duration.ofSeconds(30));

    assertThat(look(32, again)).isEmpty();
    for (int second = 34; second < 62; second += 2) {
      assertThat(look(second, again)).isEmpty();
    }
    assertThat(look(62, again)).containsExactly(again);
  }

  @Test
  void afterAGapOfOurOwn_everybodyHasHisLeaseAnew() {
    for (int second = 0; second <= 30; second += 2) {
      look(second, still());
    }

    assertThat(look(100, still())).isEmpty();
    for (int second = 102; second < 130; second += 2) {
      assertThat(look(second, still())).isEmpty();
    }
    assertThat(look(130, still())).containsExactly(still());
  }

  @Test
  void heartbeat_thatTookLong_isOfItsEnd() {
    silences.look(List.of(still()), 0, Duration.ofSeconds(5).toNanos());
    for (int second = 6; second < 35; second += 2) {
      assertThat(look(second, still())).isEmpty();
    }
    assertThat(look(36, still())).containsExactly(still());
  }

  @Test
  void lease_ofAnother_counts() {
    var patient = new Sign("patient", "session", "beat", Duration.ofSeconds(60));
    for (int second = 0; second < 60; second += 5) {
      assertThat(look(second, patient)).isEmpty();
    }
    assertThat(look(60, patient)).containsExactly(patient);
  }
}
