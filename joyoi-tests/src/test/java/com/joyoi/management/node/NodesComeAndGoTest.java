package com.joyoi.management.node;

import static com.joyoi.management.node.PoolFixture.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.joyoi.management.docker.FakeDockerEngine;
import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.model.NodeSource;
import com.joyoi.management.model.NodeStatus;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NodesComeAndGoTest {
  @Test
  void node_put_getsWorkWhenItHasAnswered() {
    var fixture = PoolFixture.up(node("a", 1));
    fixture.hold("on a");
    var waits = fixture.acquire("waits");

    fixture.put(node("b", 1));

    assertThat(waits.join().node().name()).isEqualTo("b");
    assertThat(fixture.status("b").source()).isEqualTo(NodeSource.DATABASE);
    assertThat(fixture.pool.connections())
        .extracting(NodeConnection::name)
        .containsExactly("a", "b");
  }

  @Test
  void node_putCordoned_getsNoWorkUntilThatEnds() {
    var fixture = PoolFixture.up();
    var waits = fixture.acquire("waits");
    fixture.put(node("a", 1), true);
    assertThat(waits).isNotDone();

    fixture.put(node("a", 1), false);

    assertThat(waits).isCompleted();
    assertThat(fixture.pool.leaving()).isEmpty();
  }

  @Test
  void node_putWhileThePoolIsHeld_getsNoWork() {
    var fixture = PoolFixture.up(node("a", 1));
    fixture.pool.hold(true);
    fixture.put(node("b", 1));
    var waits = fixture.acquire("waits");
    assertThat(waits).isNotDone();

    fixture.pool.hold(false);

    assertThat(waits).isCompleted();
  }

  @Test
  void node_removed_keepsWhatRunsAndGetsNothingNew() {
    var fixture = PoolFixture.up(node("a", 2), node("b", 1));
    var onA = fixture.hold("on a", "b");

    fixture.pool.remove("a");

    assertThat(fixture.status("a").leaving()).isTrue();
    assertThat(fixture.status("a").runningJobDescriptions()).containsExactly("on a");
    assertThat(fixture.hold("next").node().name()).isEqualTo("b");
    assertThat(fixture.acquire("waits")).isNotDone();
    assertThat(fixture.pool.connection("a")).isEmpty();
    assertThat(fixture.pool.allConnections()).contains(onA.node());
    assertThat(fixture.pool.leaving().getFirst().idle()).isFalse();

    onA.release();

    assertThat(fixture.pool.leaving().getFirst().idle()).isTrue();
    assertThat(fixture.engine("a").isClosed()).isFalse();
    fixture.pool.letGo(onA.node());
    assertThat(fixture.engine("a").isClosed()).isTrue();
    assertThat(fixture.pool.status()).extracting(NodeStatus::name).containsExactly("b");
    var pings = fixture.engine("a").pings();
    fixture.pass(Duration.ofSeconds(20));
    assertThat(fixture.engine("a").pings()).isEqualTo(pings);
  }

  @Test
  void lease_ofANodeThatWasLetGo_isReleasedQuietly() {
    var fixture = PoolFixture.up(node("a", 1), node("b", 1));
    var onA = fixture.hold("on a", "b");
    fixture.pool.remove("a");
    fixture.pool.letGo(onA.node());

    onA.reportFault("cut", false);
    onA.release();

    assertThat(fixture.hold("next").node().name()).isEqualTo("b");
  }

  @Test
  void waiter_whoExcludesAllThatAreLeft_failsByName() {
    var fixture = PoolFixture.up(node("a", 1), node("b", 1));
    fixture.hold("on b", "a");
    var picky = fixture.acquire(0, "picky", "a");
    var easy = fixture.acquire(2, "easy, behind it", "b");
    var any = fixture.acquire(1, "any");

    fixture.pool.remove("b");

    assertThat(picky)
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(NoNodeLeftException.class)
        .withMessageContaining("picky")
        .withMessageContaining("[a]");
    assertThat(easy).isCompleted();
    assertThat(any).isNotDone();
  }

  @Test
  void lastNode_removed_waitersWaitForAnother() {
    var fixture = PoolFixture.up(node("a", 1));
    fixture.hold("on a");
    var waits = fixture.acquire(0, "waits", "a");
    assertThat(waits).isCompletedExceptionally();
    var any = fixture.acquire("any");

    fixture.pool.remove("a");
    var picky = fixture.acquire(1, "picky", "a");

    assertThat(fixture.pool.outage(Set.of())).hasValue("there is none");
    fixture.put(node("b", 2));
    assertThat(any).isCompleted();
    assertThat(picky).isCompleted();
  }

  @Test
  void node_withANewAddress_drainsTheOldOne() {
    var fixture = PoolFixture.up(node("a", 1));
    var old = fixture.hold("on the old one");

    fixture.put(
        new NodeOptions("a", "joyoi", "http://elsewhere:2376", null, ContainerOptions.DEFAULTS));

    var lease = fixture.hold("on the new one");
    assertThat(lease.node().options().address()).isEqualTo("http://elsewhere:2376");
    assertThat(old.node().options().address()).isEqualTo("http://a:2376");
    assertThat(fixture.pool.leaving())
        .singleElement()
        .satisfies(
            leaving -> {
              assertThat(leaving.node()).isEqualTo(old.node());
              assertThat(leaving.replaced()).isFalse();
            });
  }

  @Test
  void node_putAsItIs_staysAsItIs() {
    var fixture = PoolFixture.up();
    fixture.put(node("a", 1));
    var engine = fixture.engine("a");

    fixture.put(node("a", 1));

    assertThat(fixture.pool.leaving()).isEmpty();
    assertThat(fixture.pool.connection("a").orElseThrow().engine()).isSameAs(engine);
  }

  @Test
  void node_thatCantBeConnectedTo_isThereAndSaysWhy() {
    var fixture = PoolFixture.up();
    fixture.connectionFault = "ClientCertificatePath 'x.pfx' can't be used: there is no such file";
    fixture.put(node("a", 1));
    fixture.put(node("a", 1));

    assertThat(fixture.status("a").errorFlags()).isTrue();
    assertThat(fixture.status("a").lastError()).contains("x.pfx").contains("no such file");
    assertThat(fixture.pool.status()).hasSize(1);

    fixture.connectionFault = null;
    fixture.put(node("a", 1));

    assertThat(fixture.hold("now").node().name()).isEqualTo("a");
  }

  @Test
  void close_closesThoseThatLeave() {
    var fixture = PoolFixture.up(node("a", 1), node("b", 1));
    fixture.pool.remove("a");

    fixture.pool.close();
    fixture.put(node("c", 1));

    assertThat(fixture.engines.values())
        .extracting(FakeDockerEngine::isClosed)
        .contains(true, true);
    assertThat(fixture.pool.status()).extracting(NodeStatus::name).doesNotContain("c");
    assertThat(fixture.timers.pending()).isEmpty();
  }

  @Test
  void put_withoutAnyJob_isRefused() {
    var fixture = PoolFixture.up();

    assertThatThrownBy(() -> fixture.put(node("a", 0)))
        .isInstanceOf(JoyoiException.class)
        .hasMessageContaining("MaxRunningJobs of node a");
  }

  @Test
  void onlyNode_thatIsBackAndExcluded_failsWhoWaits() {
    var fixture = PoolFixture.up(node("a", 1));
    fixture.pool.remove("a");
    var picky = fixture.acquire(0, "picky", "a");
    assertThat(picky).isNotDone();

    fixture.put(node("a", 1));

    assertThat(picky)
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(NoNodeLeftException.class);
  }

  @Test
  void leavingNode_isHeardOfAtItsLastAnswer() {
    var fixture = PoolFixture.up(node("a", 1));
    fixture.hold("on a");
    fixture.pool.remove("a");
    var began = fixture.pool.leaving().getFirst().heard();

    fixture.pass(Duration.ofMinutes(3));
    var answered = fixture.pool.leaving().getFirst().heard();
    assertThat(answered).isAfter(began);
    fixture.engine("a").setMode(FakeDockerEngine.Mode.FAILS);
    fixture.pass(Duration.ofMinutes(3));
    var silent = fixture.pool.leaving().getFirst();
    assertThat(silent.up()).isFalse();
    assertThat(silent.heard()).isBefore(answered.plus(Duration.ofMinutes(2)));
    // It answers, and lacks its image.
    fixture.engine("a").setHasImages(false);
    fixture.engine("a").setMode(FakeDockerEngine.Mode.ANSWERS);
    fixture.pass(Duration.ofMinutes(1));
    assertThat(fixture.pool.leaving().getFirst().up()).isFalse();
    assertThat(fixture.pool.leaving().getFirst().heard()).isAfter(silent.heard());
  }
}
