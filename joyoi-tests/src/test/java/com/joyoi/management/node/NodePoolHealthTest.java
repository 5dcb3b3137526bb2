package com.joyoi.management.node;

import static com.joyoi.management.node.PoolFixture.node;
import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.docker.FakeDockerEngine.Mode;
import com.joyoi.management.node.NodeListener.NodeFailure;
import java.time.Duration;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NodePoolHealthTest {
  @Test
  void start_nodesNotYetSeen_pingedAtOnceAndNotUsed() {
    var fixture = PoolFixture.notYetSeen(node("a", 1), node("b", 1));

    assertThat(fixture.pingsUnderWay()).isEqualTo(2);
    assertThat(fixture.pool.anyHealthy()).isFalse();
    var waits = fixture.acquire("job");
    assertThat(waits).isNotDone();
    assertThat(fixture.status("a").lastSeen()).isNull();
    assertThat(fixture.status("a").engineVersion()).isNull();

    fixture.runPings();

    assertThat(waits).isCompleted();
    assertThat(fixture.pool.anyHealthy()).isTrue();
    assertThat(fixture.status("a").lastSeen()).isEqualTo(fixture.timers.clock().instant());
    assertThat(fixture.status("a").engineVersion()).isEqualTo("20.10.24");
  }

  @Test
  void start_oneNodeDead_othersAreUsed() {
    var fixture = PoolFixture.notYetSeen(node("dead", 9), node("b", 1));
    fixture.engine("dead").setMode(Mode.FAILS);
    fixture.runPings();

    assertThat(fixture.hold("job").node().name()).isEqualTo("b");
    assertThat(fixture.status("dead").failures()).isEqualTo(1);
    assertThat(fixture.status("dead").lastError()).contains("connection refused");
  }

  @Test
  void ping_allNodesDown_waitersWaitUntilOneAnswers() {
    var fixture = PoolFixture.up(node("a", 1));
    fixture.engine("a").setMode(Mode.FAILS);
    fixture.pass(Duration.ofSeconds(60));
    var waits = fixture.acquire(3, "patient");
    fixture.pass(Duration.ofMinutes(10));
    assertThat(waits).isNotDone();
    assertThat(fixture.pool.waiting()).containsEntry(3, 1);

    fixture.engine("a").setMode(Mode.ANSWERS);
    fixture.pass(Duration.ofSeconds(5));

    assertThat(waits).isCompleted();
    assertThat(fixture.status("a").failures()).isZero();
  }

  @Test
  void outage_whileNoNodeTakesWork_saysWhyNodeByNode() {
    var fixture = PoolFixture.notYetSeen(node("a", 1), node("b", 1));
    assertThat(fixture.pool.outage(Set.of()))
        .contains(
            "a at http://a:2376 has not answered yet; b at http://b:2376 has not answered yet");

    fixture.engine("b").setMode(Mode.FAILS);
    fixture.runPings();
    assertThat(fixture.pool.outage(Set.of())).isEmpty();

    fixture.pool.cordon("a", true);
    assertThat(fixture.pool.outage(Set.of()).orElseThrow())
        .startsWith("a is cordoned; b at http://b:2376 does not answer: ");
  }

  @Test
  void hold_ofAllNodes_letsNothingBeginUntilItEnds() {
    var fixture = PoolFixture.up(node("a", 1));
    var runs = fixture.hold("runs");
    fixture.pool.hold(true);
    var waits = fixture.acquire("waits");

    runs.release();
    fixture.pass(Duration.ofSeconds(10));
    assertThat(waits).isNotDone();

    fixture.pool.hold(false);
    assertThat(waits).isCompleted();
  }

  @Test
  void ping_answeredWithoutTheImage_notUsedUntilItIsThere() {
    var fixture = PoolFixture.notYetSeen(node("a", 1));
    fixture.engine("a").setHasImages(false);
    fixture.pass(Duration.ofSeconds(10));

    var waits = fixture.acquire("job");
    assertThat(waits).isNotDone();
    assertThat(fixture.status("a").engineVersion()).isEqualTo("20.10.24");
    assertThat(fixture.pool.outage(Set.of()))
        .contains("a at http://a:2376 can't run anything: the image 'joyoi' is not there");
    assertThat(fixture.told).hasSize(1);

    fixture.engine("a").setHasImages(true);
    fixture.pass(Duration.ofSeconds(5));
    assertThat(waits).isCompleted();
  }

  @Test
  void ping_everyFiveSeconds_oncePerNode() {
    var fixture = PoolFixture.up(node("a", 1));

    fixture.pass(Duration.ofSeconds(50));

    assertThat(fixture.engine("a").pings()).isEqualTo(11);
  }

  @Test
  void ping_neverComesBack_failsEveryThirtySecondsWithoutPilingUp() {
    var fixture = PoolFixture.up(node("stuck", 1), node("b", 1));
    // The pings of both begin, and end no more.
    fixture.timers.advance(Duration.ofSeconds(5));
    assertThat(fixture.pingsUnderWay()).isEqualTo(2);

    fixture.timers.advance(Duration.ofSeconds(30));
    assertThat(fixture.pingsUnderWay()).isEqualTo(2);
    assertThat(fixture.status("stuck").failures()).isEqualTo(1);
    assertThat(fixture.pool.timeoutErrors())
        .contains("(2026-01-01T00:00:35Z): node stuck: ping: no answer within 30 s");

    fixture.timers.advance(Duration.ofSeconds(60));
    assertThat(fixture.pingsUnderWay()).isEqualTo(2);
    assertThat(fixture.status("stuck").failures()).isEqualTo(3);
    assertThat(fixture.told).hasSize(2);
  }

  @Test
  void ping_answersAfterItWasGivenUp_onlyTheNextOneCounts() {
    var fixture = PoolFixture.up(node("a", 1));
    fixture.timers.advance(Duration.ofSeconds(35));
    assertThat(fixture.status("a").failures()).isEqualTo(1);

    fixture.runPings();
    assertThat(fixture.status("a").failures()).isEqualTo(1);

    fixture.pass(Duration.ofSeconds(5));
    assertThat(fixture.status("a").failures()).isZero();
  }

  @Test
  void reportFault_node_notUsedUntilItAnsweredANewPing() {
    var fixture = PoolFixture.up(node("a", 2));
    var lease = fixture.hold("judge 7");

    lease.reportFault("start took too long", true);

    assertThat(fixture.status("a").failures()).isEqualTo(1);
    assertThat(fixture.status("a").lastError()).isEqualTo("judge 7: start took too long");
    assertThat(fixture.status("a").runningJobs()).isEqualTo(1);
    assertThat(fixture.pool.timeoutErrors())
        .containsExactly("(2026-01-01T00:00:00Z): node a: judge 7: start took too long");
    var waits = fixture.acquire("next");
    assertThat(waits).isNotDone();

    fixture.pass(Duration.ofSeconds(1));
    assertThat(waits).isCompleted();
  }

  @Test
  void reportFault_pingUnderWay_itsAnswerDoesNotCount() {
    var fixture = PoolFixture.up(node("a", 1));
    var lease = fixture.hold("job");
    fixture.timers.advance(Duration.ofSeconds(5));
    assertThat(fixture.pingsUnderWay()).isEqualTo(1);

    lease.reportFault("connection reset", false);
    fixture.runPings();
    assertThat(fixture.pool.anyHealthy()).isFalse();

    fixture.pass(Duration.ofSeconds(1));
    assertThat(fixture.pool.anyHealthy()).isTrue();
    assertThat(fixture.pool.timeoutErrors()).isEmpty();
  }

  @Test
  void reportFault_manyJobsOfOneOutage_isOneFailure() {
    var fixture = PoolFixture.up(node("a", 8));
    var leases = IntStream.range(0, 8).mapToObj(i -> fixture.hold("job " + i)).toList();

    leases.forEach(lease -> lease.reportFault("connection reset", false));

    assertThat(fixture.status("a").failures()).isEqualTo(1);
    assertThat(fixture.told).isEmpty();
  }

  @Test
  void failures_threeInARow_tellOnceAnHour() {
    var fixture = PoolFixture.up(node("a", 1));
    fixture.engine("a").setMode(Mode.FAILS);

    fixture.pass(Duration.ofSeconds(10));
    assertThat(fixture.told).isEmpty();

    fixture.pass(Duration.ofSeconds(5));
    assertThat(fixture.told).hasSize(1);
    var failure = fixture.told.getFirst();
    assertThat(failure)
        .isEqualTo(
            new NodeFailure(
                "a",
                "http://a:2376",
                "ping: connection refused",
                3,
                fixture.timers.clock().instant()));

    fixture.pass(Duration.ofMinutes(59));
    assertThat(fixture.told).hasSize(1);

    fixture.pass(Duration.ofMinutes(1));
    assertThat(fixture.told).hasSize(2);
  }

  @Test
  void failures_nodeComesAndGoesWithinTheHour_tellOnce() {
    var fixture = PoolFixture.up(node("a", 1));
    for (var i = 0; i < 10; i++) {
      fixture.engine("a").setMode(Mode.FAILS);
      fixture.pass(Duration.ofSeconds(30));
      fixture.engine("a").setMode(Mode.ANSWERS);
      fixture.pass(Duration.ofSeconds(30));
    }

    assertThat(fixture.told).hasSize(1);
  }

  @Test
  void failures_twoThenAnAnswer_tellNobody() {
    var fixture = PoolFixture.up(node("a", 1));
    for (var i = 0; i < 10; i++) {
      fixture.engine("a").setMode(Mode.FAILS);
      fixture.pass(Duration.ofSeconds(10));
      fixture.engine("a").setMode(Mode.ANSWERS);
      fixture.pass(Duration.ofSeconds(5));
    }

    assertThat(fixture.told).isEmpty();
  }

  @Test
  void timeoutErrors_olderThanThirtyDays_areGone() {
    var fixture = PoolFixture.up(node("a", 1));
    fixture.hold("old").reportFault("create", true);
    fixture.timers.clock().advance(Duration.ofDays(30));
    assertThat(fixture.pool.timeoutErrors()).hasSize(1);

    fixture.timers.clock().advance(Duration.ofMillis(1));

    assertThat(fixture.pool.timeoutErrors()).isEmpty();
  }

  @Test
  void timeoutErrors_veryMany_newestAreKept() {
    var fixture = PoolFixture.up(node("a", 1));
    var lease = fixture.hold("job");
    for (var i = 0; i <= TimeoutLog.MAX_ENTRIES; i++) {
      lease.reportFault("call " + i, true);
    }

    assertThat(fixture.pool.timeoutErrors())
        .hasSize(TimeoutLog.MAX_ENTRIES)
        .last()
        .asString()
        .endsWith("call " + TimeoutLog.MAX_ENTRIES);
  }
}
