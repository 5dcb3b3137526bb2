package com.joyoi.management.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.joyoi.management.docker.FakeDockerEngine.Mode;
import com.joyoi.management.node.SharedNodes.Availability;
import com.joyoi.management.node.SharedNodes.Demand;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A pool whose slots somebody else gives. */
class SharedNodesTest {
  private static final class Given implements SlotSharing {
    @Nullable SharedNodes nodes;
    boolean isHeld = true;
    int known;

    @Override
    public void begin(SharedNodes shared) {
      nodes = shared;
    }

    @Override
    public void engineKnown() {
      known++;
    }

    @Override
    public boolean isHeld() {
      return isHeld;
    }

    SharedNodes nodes() {
      return Objects.requireNonNull(nodes);
    }

    Demand demand() {
      return nodes().demands().getFirst();
    }

    void allow(int slots) {
      nodes().allow(demand(), slots, null);
    }
  }

  private final Given given = new Given();
  private final PoolFixture fixture = PoolFixture.shared(given, PoolFixture.node("a", 4));

  @Test
  void node_whoseSlotsNobodyGave_getsNoWorkAndSaysSo() {
    var waiting = fixture.acquire("one");

    assertThat(waiting).isNotDone();
    assertThat(fixture.pool.outage(java.util.Set.of()).orElseThrow()).contains("none of its slots");
    assertThat(given.known).isEqualTo(1);
    assertThat(given.demand().wanted()).isEqualTo(1);
    given.allow(1);
    assertThat(waiting).isDone();
    assertThat(fixture.status("a").slots()).isEqualTo(1);
    assertThat(fixture.status("a").maxRunningJobs()).isEqualTo(4);
  }

  @Test
  void bound_thatIsLowered_holdsBackTheNextAndNotWhatRuns() {
    given.allow(2);
    var one = fixture.hold("one");
    var two = fixture.hold("two");
    var three = fixture.acquire("three");

    given.allow(1);
    assertThat(given.demand()).extracting(Demand::allowed, Demand::used).containsExactly(1, 2);
    assertThat(given.demand().needed()).isEqualTo(2);
    assertThat(one.isHeld()).isTrue();
    one.release();
    assertThat(three).isNotDone();
    two.release();
    assertThat(three).isDone();
    assertThat(given.demand().needed()).isEqualTo(1);
  }

  @Test
  void lease_whoseSlotsWereTaken_mustNotStart() {
    given.allow(2);
    var before = fixture.hold("before");
    var asked = given.demand();

    given.nodes().revoke();
    given.nodes().allow(asked, 2, null);
    assertThat(given.demand().allowed()).isZero();
    assertThat(before.isHeld()).isFalse();
    given.allow(2);
    assertThat(before.isHeld()).isFalse();
    var after = fixture.hold("after");
    assertThat(after.isHeld()).isTrue();
    given.isHeld = false;
    assertThat(after.isHeld()).isFalse();
  }

  @Test
  void engine_thatIsAnotherAfterAnOutage_hasNoneOfTheSlots() {
    given.allow(2);
    var before = fixture.hold("before");
    fixture.engine("a").setMode(Mode.FAILS);
    fixture.pass(Duration.ofSeconds(5));
    fixture.engine("a").setId("new");
    fixture.engine("a").setMode(Mode.ANSWERS);
    fixture.pass(Duration.ofSeconds(5));

    assertThat(given.demand().engineId()).isEqualTo("new");
    assertThat(fixture.status("a").engineId()).isEqualTo("new");
    assertThat(given.demand().allowed()).isZero();
    assertThat(before.isHeld()).isFalse();
    assertThat(given.known).isEqualTo(2);
  }

  @Test
  void engine_thatIsAnotherWithoutAnOutage_isNoticedWithinAMinuteOrTwo() {
    fixture.engine("a").setId("new");
    fixture.pass(Duration.ofSeconds(66));

    assertThat(given.demand().engineId()).isEqualTo("new");
  }

  @Test
  void cordonedNode_wantsNothing() {
    given.allow(1);
    var one = fixture.hold("one");
    var unused = fixture.acquire("two");
    assertThat(given.demand().wanted()).isEqualTo(2);

    fixture.pool.cordon("a", true);
    assertThat(given.demand().wanted()).isEqualTo(1);
    one.release();
    assertThat(given.demand().wanted()).isZero();
  }

  @Test
  void lease_releasedAfterThePoolHasClosed_isUsedNoMore() {
    given.allow(1);
    var one = fixture.hold("one");

    fixture.pool.close();
    assertThat(given.demand().used()).isEqualTo(1);
    one.release();
    assertThat(given.demand().used()).isZero();
  }

  @Test
  void nodeThatLeaves_mayBeginNothingAndStillUsesWhatRuns() {
    given.allow(4);
    var unused = fixture.hold("one");

    fixture.put(PoolFixture.node("a", 2));

    var demands = given.nodes().demands();
    assertThat(demands)
        .extracting(Demand::availability, Demand::allowed, Demand::used)
        .containsExactly(tuple(Availability.OPEN, 0, 0), tuple(Availability.LEAVING, 0, 1));
  }

  @Test
  void node_saysWhetherItGetsWork() {
    assertThat(given.demand().availability()).isEqualTo(Availability.OPEN);
    fixture.pool.cordon("a", true);
    assertThat(given.demand().availability()).isEqualTo(Availability.CLOSED);
    fixture.engine("a").setMode(Mode.FAILS);
    fixture.pass(Duration.ofMinutes(2));
    assertThat(given.demand().availability()).isEqualTo(Availability.DOWN);
  }
}
