package com.joyoi.management.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.blame.InstanceCode;
import com.joyoi.management.blame.RunningCode;
import com.joyoi.management.blame.Suspicion;
import com.joyoi.management.concurrent.ManualTimers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class QuarantineTest {
  private final ManualTimers timers = new ManualTimers();
  private final RunningCode code = RunningCode.unrecorded();
  private final List<UUID> taken = new ArrayList<>();
  private final List<InstanceCode.Scope> running = new ArrayList<>();
  private boolean starts = true;
  private final Quarantine quarantine =
      new Quarantine(
          code,
          timers,
          Runnable::run,
          suspicion -> {
            taken.add(suspicion.instance());
            if (starts) {
              running.add(code.of(suspicion.instance()).inside());
            }
            return starts;
          });

  private static Suspicion suspicion(int number, int deaths) {
    return new Suspicion(new UUID(0, number), deaths, false);
  }

  private List<Integer> taken() {
    return taken.stream().map(id -> (int) id.getLeastSignificantBits()).toList();
  }

  @Test
  void suspects_comeOneAtATime_theMostSuspiciousFirst() {
    quarantine.add(List.of(suspicion(1, 1), suspicion(2, 1), suspicion(3, 2)));
    assertThat(taken()).containsExactly(3);

    running.get(0).close();
    timers.advance(Quarantine.SETTLED_AFTER);
    assertThat(taken()).containsExactly(3, 1);

    code.forget(taken.get(1));
    timers.advance(Quarantine.SETTLED_AFTER.minusMillis(1));
    assertThat(taken()).containsExactly(3, 1);
  }

  @Test
  void suspect_thatGoesOnAtOnce_hasNotLeft() {
    quarantine.add(List.of(suspicion(1, 1), suspicion(2, 1)));

    running.get(0).close();
    var again = code.of(taken.get(0)).inside();
    timers.advance(Quarantine.SETTLED_AFTER);
    assertThat(taken()).containsExactly(1);

    again.close();
    timers.advance(Quarantine.SETTLED_AFTER);
    assertThat(taken()).containsExactly(1, 2);
  }

  @Test
  void suspect_thatRunsOn_letsTheNextInAfterAWhile() {
    quarantine.add(List.of(suspicion(1, 1), suspicion(2, 1)));

    timers.advance(Quarantine.FIRST_PATIENCE);

    assertThat(taken()).containsExactly(1, 2);
  }

  @Test
  void suspect_ofMoreDeaths_hasMoreTime() {
    quarantine.add(List.of(suspicion(1, 3), suspicion(2, 1)));

    timers.advance(Quarantine.FIRST_PATIENCE.multipliedBy(3));
    assertThat(taken()).containsExactly(1);

    timers.advance(Quarantine.FIRST_PATIENCE);
    assertThat(taken()).containsExactly(1, 2);
  }

  @Test
  void suspects_thatAreNotStarted_holdUpNobody() {
    starts = false;

    quarantine.add(List.of(suspicion(1, 1), suspicion(2, 1)));
    quarantine.add(List.of(suspicion(3, 1)));

    assertThat(taken()).containsExactly(1, 2, 3);
    timers.advance(Duration.ofHours(1));
    assertThat(taken()).hasSize(3);
  }
}
