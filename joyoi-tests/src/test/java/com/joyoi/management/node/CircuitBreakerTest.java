package com.joyoi.management.node;

import static com.joyoi.management.node.PoolFixture.node;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A node that answers every ping, and fails runs. */
class CircuitBreakerTest {
  private final PoolFixture fixture = PoolFixture.up(node("a", 8));

  /** Fails one run after the other on a node for as long as that takes; returns when each began. */
  private List<Long> failedRuns(Duration time) {
    var times = new ArrayList<Long>();
    for (long second = 0; second < time.toSeconds(); second++) {
      var run = fixture.acquire("run");
      if (run.isDone()) {
        times.add(second);
        fail(run.join());
      } else {
        run.cancel(true);
      }
      fixture.pass(Duration.ofSeconds(1));
    }
    return times;
  }

  private static void fail(NodeLease lease) {
    lease.reportFault("no space left on device", false);
    lease.release();
  }

  private static void serve(NodeLease lease) {
    lease.reportServed();
    lease.release();
  }

  /** After a fault and the rest that follows it. */
  private void bringToTrial() {
    fail(fixture.hold("run"));
    fixture.pass(Duration.ofSeconds(1));
  }

  @Test
  void node_thatFailsEachRun_restsForLongerAndLonger() {
    var times = failedRuns(Duration.ofMinutes(6));

    // One second, two, four and so on, up to a minute.
    assertThat(times).containsExactly(0L, 1L, 3L, 7L, 15L, 31L, 63L, 123L, 183L, 243L, 303L);
    assertThat(fixture.status("a").failures()).isEqualTo(11);
    assertThat(fixture.status("a").errorFlags()).isTrue();
  }

  @Test
  void node_thatRests_saysUntilWhenAndWhy() {
    fail(fixture.hold("judge 7"));
    fixture.timers.advance(Duration.ofMillis(500));
    fixture.runPings();

    assertThat(fixture.status("a").restsUntil())
        .isEqualTo(fixture.timers.clock().instant().plusMillis(500));
    fixture.pass(Duration.ofMillis(500));
    fail(fixture.hold("judge 8"));
    fixture.pass(Duration.ofSeconds(1));
    assertThat(fixture.pool.outage(Set.of()))
        .contains(
            "a at http://a:2376 rests until 2026-01-01T00:00:03Z: judge 8: no space left on"
                + " device");

    fixture.pass(Duration.ofSeconds(1));
    assertThat(fixture.status("a").restsUntil()).isNull();
    assertThat(fixture.pool.outage(Set.of())).isEmpty();
  }

  @Test
  void node_onTrial_getsOneRunAtATimeUntilOneGoesWell() {
    bringToTrial();
    var runs = List.of(fixture.acquire("1"), fixture.acquire("2"), fixture.acquire("3"));
    assertThat(runs).extracting(CompletableFuture::isDone).containsExactly(true, false, false);

    // Neither well nor badly: it was cancelled, for example.
    runs.get(0).join().release();
    assertThat(runs).extracting(CompletableFuture::isDone).containsExactly(true, true, false);

    serve(runs.get(1).join());
    assertThat(runs.get(2)).isCompleted();
    assertThat(fixture.acquire("4")).isCompleted();
    assertThat(fixture.status("a").errorFlags()).isFalse();
  }

  @Test
  void trial_thatLastsForTenSeconds_hasGoneWell() {
    bringToTrial();
    var trial = fixture.hold("long");
    var next = fixture.acquire("next");

    // Its container takes its time.
    fixture.pass(Duration.ofSeconds(30));
    trial.reportStarted();
    fixture.pass(Duration.ofSeconds(9));
    assertThat(next).isNotDone();

    fixture.pass(Duration.ofSeconds(1));
    assertThat(next).isCompleted();
  }

  @Test
  void trial_thatIsOver_provesNothingWhileItsSlotIsStillHeld() {
    bringToTrial();
    var trial = fixture.hold("cancelled");
    trial.reportStarted();
    trial.over(false);

    fixture.pass(Duration.ofSeconds(20));
    var next = fixture.acquire("next");
    assertThat(next).isNotDone();

    trial.release();
    assertThat(next).isCompleted();
    assertThat(fixture.acquire("another")).isNotDone();
  }

  @Test
  void runs_thatBeganBeforeTheFault_proveNothing() {
    var old = List.of(fixture.hold("1"), fixture.hold("2"), fixture.hold("3"));
    bringToTrial();

    old.get(0).reportServed();
    var trial = fixture.hold("trial");
    assertThat(fixture.acquire("next")).isNotDone();

    // Nor do they make it rest once more.
    old.get(1).reportFault("connection reset", false);
    fixture.pass(Duration.ofSeconds(1));
    assertThat(fixture.status("a").restsUntil()).isNull();
    trial.reportServed();
    assertThat(fixture.status("a").errorFlags()).isFalse();
  }

  @Test
  void node_thatFailsNowAndThen_restsLongerUntilItHasBeenCalm() {
    bringToTrial();
    serve(fixture.hold("well"));
    fail(fixture.hold("badly"));
    assertThat(fixture.status("a").restsUntil())
        .isEqualTo(fixture.timers.clock().instant().plusSeconds(2));
    fixture.pass(Duration.ofSeconds(2));
    serve(fixture.hold("well"));

    fixture.pass(Duration.ofSeconds(61));
    fail(fixture.hold("much later"));
    assertThat(fixture.status("a").restsUntil())
        .isEqualTo(fixture.timers.clock().instant().plusSeconds(1));
  }

  @Test
  void thirdFaultInARow_isTold() {
    failedRuns(Duration.ofSeconds(2));
    assertThat(fixture.told).isEmpty();

    fixture.pass(Duration.ofSeconds(1));
    fail(fixture.hold("third"));
    assertThat(fixture.told).hasSize(1);
    assertThat(fixture.told.getFirst().error()).isEqualTo("third: no space left on device");
    assertThat(fixture.told.getFirst().failures()).isEqualTo(3);
  }

  @Test
  void uncordon_ofOneThatRests_endsItsRest() {
    failedRuns(Duration.ofSeconds(40));
    assertThat(fixture.status("a").restsUntil()).isNotNull();

    fixture.pool.cordon("a", true);
    fixture.pool.cordon("a", false);

    assertThat(fixture.status("a").restsUntil()).isNull();
    assertThat(fixture.acquire("1")).isCompleted();
    assertThat(fixture.acquire("2")).isCompleted();
  }

  @Test
  void othersRuns_whileOneNodeFails_goToTheRest() {
    var two = PoolFixture.up(node("a", 1), node("b", 1));
    fail(two.hold("run", "b"));

    assertThat(two.hold("run").node().name()).isEqualTo("b");
    assertThat(two.acquire("next")).isNotDone();
  }
}
