package com.joyoi.management.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.SandboxOptions.Reuse;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who gets which sandbox. */
class PlacementTest extends PlacementCase {
  @Test
  void run_ofAnInstance_takesTheSandboxThatItsLastOneLeft() {
    var lease = made(wish(ONE));
    assertThat(lease.isReusable()).isTrue();
    var left = giveBack(lease);

    assertThat(sandbox(now(ask(wish(ONE))))).isSameAs(left);
    assertThat(maker.asked).hasSize(1);
  }

  @Test
  void run_ofAnotherInstance_underInstance_getsOneMade() {
    var left = giveBack(made(wish(ONE)));

    assertThat(sandbox(made(wish(OTHER)))).isNotSameAs(left);
  }

  @Test
  void run_ofAnotherInstance_underAlways_takesWhatIsThere() {
    fixture = PoolFixture.up(maker, node("a", 4, Reuse.ALWAYS, 0));
    var left = giveBack(made(wish(ONE)));

    assertThat(sandbox(now(ask(wish(OTHER))))).isSameAs(left);
  }

  @Test
  void machine_thatAsksForLess_sharesNeitherWay() {
    fixture = PoolFixture.up(maker, node("a", 4, Reuse.ALWAYS, 0));
    var shared = giveBack(made(wish(ONE)));

    var own = made(wish(OTHER, Reuse.INSTANCE));
    assertThat(sandbox(own)).isNotSameAs(shared);
    var left = giveBack(own);

    assertThat(sandbox(now(ask(wish(ONE))))).isSameAs(shared);
    assertThat(sandbox(now(ask(wish(OTHER, Reuse.INSTANCE))))).isSameAs(left);
  }

  @Test
  void machine_thatAsksForNoReuse_getsUnusedOnesThatServeOnce() {
    giveBack(made(wish(ONE)));

    var lease = made(wish(ONE, Reuse.NEVER));

    assertThat(lease.isReusable()).isFalse();
    // Whatever the holder thinks of it.
    assertThat(giveBack(lease).discarded).isTrue();
  }

  @Test
  void node_thatAllowsNoReuse_isFollowed() {
    fixture = PoolFixture.up(maker, node("a", 4, Reuse.NEVER, 0));

    assertThat(made(wish(ONE)).isReusable()).isFalse();
  }

  @Test
  void sandboxOnDisk_servesOnce() {
    var wish = new SandboxWish(new SandboxShape(SHAPE.limitation(), true), Reuse.ALWAYS, ONE, "w");

    assertThat(made(wish).isReusable()).isFalse();
  }

  @Test
  void run_underOtherLimits_getsOneMade() {
    giveBack(made(wish(ONE)));
    var limitation = Limitation.DEFAULTS.toBuilder().memory(1L << 30).build();

    made(new SandboxWish(new SandboxShape(limitation, false), Reuse.ALWAYS, ONE, "work"));
  }

  @Test
  void limits_toldWithEachRun_makeNoOtherShape() {
    var limitation = Limitation.DEFAULTS.toBuilder().executionTimeout(1L).outputBytes(1L).build();

    assertThat(new SandboxShape(limitation, false)).isEqualTo(SHAPE);
  }

  @Test
  void run_thatMustGoElsewhere_isNotPatient() {
    fixture =
        PoolFixture.up(maker, node("a", 1, Reuse.INSTANCE, 0), node("b", 1, Reuse.INSTANCE, 0));
    var first = made(wish(ONE));

    var second = ask(wish(ONE), 0, first.node().name());

    assertThat(maker.asked).hasSize(2);
    maker.makeLast();
    assertThat(now(second).node().name()).isNotEqualTo(first.node().name());
  }

  @Test
  void waiter_thatComesAgain_keepsItsPlace() {
    fixture = PoolFixture.up(maker, node("a", 1, Reuse.INSTANCE, 0));
    var first = made(wish(ONE));
    var number = first.number();
    var later = fixture.acquire("later");
    var again = ask(wish(ONE), number);

    giveBack(first);

    assertThat(now(again).number()).isEqualTo(number);
    assertThat(later).isNotDone();
  }

  @Test
  void node_withoutSandboxes_givesSlotsAlone() {
    fixture =
        PoolFixture.up(
            maker,
            PoolFixture.node("a", 4)
                .with(ContainerOptions.DEFAULTS.withTransport(ContainerOptions.Transport.ARCHIVE)));

    var lease = now(ask(wish(ONE)));

    assertThat(lease.sandbox()).isEmpty();
    assertThat(lease.isReusable()).isFalse();
  }

  @Test
  void number_thatWaitsAlready_isRefusedAndLeavesNobody() {
    fixture = PoolFixture.up(maker, node("a", 1, Reuse.INSTANCE, 0));
    fixture.hold("plain");
    assertThat(ask(wish(ONE), 7)).isNotDone();

    assertThat(catchThrowable(() -> ask(wish(ONE), 7))).isNotNull();

    assertThat(fixture.pool.waiting()).containsExactly(Map.entry(0, 1));
  }
}
