package com.joyoi.management.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.node.FakeSandboxes.FakeSandbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Sandboxes that wait, and what ends them. */
class IdleSandboxesTest extends PlacementCase {
  @Test
  void grant_cancelledWhileItIsHandedOver_losesNoSandbox() {
    var first = made(wish(ONE));
    var second = ask(wish(ONE));
    var third = ask(wish(ONE));
    var unused =
        second.thenAccept(
            lease -> {
              giveBack(lease);
              third.cancel(false);
            });

    var left = giveBack(first);

    assertThat(third).isCancelled();
    assertThat(running("a")).isZero();
    assertThat(sandbox(now(ask(wish(ONE))))).isSameAs(left);
  }

  @Test
  void sandbox_thatDiedWhileItWaited_isNotGiven() {
    var left = giveBack(made(wish(ONE)));
    left.alive = false;

    assertThat(now(ask(wish(ONE))).sandbox()).isEmpty();
    assertThat(left.discarded).isTrue();
  }

  @Test
  void node_thatFails_endsWhatWaitsThere() {
    var failing = made(wish(OTHER));
    var left = giveBack(made(wish(ONE)));

    failing.reportFault("cut", false);

    assertThat(left.discarded).isTrue();
  }

  @Test
  void node_thatLeaves_endsWhatWaitsThereAndWhatComesBack() {
    var running = made(wish(OTHER));
    var left = giveBack(made(wish(ONE)));

    fixture.pool.remove("a");

    assertThat(left.discarded).isTrue();
    assertThat(giveBack(running).discarded).isTrue();
    assertThat(fixture.pool.leaving().getFirst().idle()).isTrue();
  }

  @Test
  void node_thatLeavesWhileOneIsMadeThere_isNotIdleBeforeThatHasEnded() {
    var future = ask(wish(ONE));
    fixture.pool.remove("a");
    assertThat(fixture.pool.leaving().getFirst().idle()).isFalse();

    var sandbox = maker.makeLast();

    assertThat(sandbox.discarded).isTrue();
    assertThat(fixture.pool.leaving().getFirst().idle()).isTrue();
    assertThat(future).isNotDone();
  }

  @Test
  void sandbox_madeOnANodeThatHasFailed_isEnded() {
    var failing = made(wish(OTHER));
    var future = ask(wish(ONE));
    failing.reportFault("cut", false);

    assertThat(maker.makeLast().discarded).isTrue();
    assertThat(future).isNotDone();
    assertThat(giveBack(failing).discarded).isTrue();
    fixture.pass(Duration.ofMinutes(2));
    maker.makeLast();
    now(future);
  }

  @Test
  void node_cordoned_endsWhatWaitsThere() {
    var left = giveBack(made(wish(ONE)));

    fixture.pool.cordon("a", true);

    assertThat(left.discarded).isTrue();
  }

  /** Leaves sandboxes of as many instances, one after the other. */
  private List<FakeSandbox> left(int instances) {
    var left = new ArrayList<FakeSandbox>();
    for (int i = 0; i < instances; i++) {
      left.add(giveBack(made(wish(new UUID(1, i)))));
      fixture.pass(Duration.ofMillis(1));
    }
    return left;
  }

  @Test
  void sandboxes_moreThanTheNodeMayHave_theOldestEnds() {
    var left = left(7);

    assertThat(left).extracting(one -> one.discarded).startsWith(true, true).endsWith(false);
    assertThat(left).filteredOn(one -> !one.discarded).hasSize(5);
  }

  @Test
  void slots_thatNeedNoSandbox_countTowardsTheContainers() {
    var left = left(5);
    assertThat(left).noneMatch(one -> one.discarded);

    for (int i = 0; i < 3; i++) {
      fixture.hold("plain");
    }

    assertThat(left)
        .extracting(one -> one.discarded)
        .containsExactly(true, true, true, false, false);
  }

  @Test
  void sandbox_idleForItsTime_ends() {
    var left = giveBack(made(wish(ONE)));

    fixture.pass(Duration.ofSeconds(59));
    assertThat(left.discarded).isFalse();
    fixture.pass(Duration.ofSeconds(3));

    assertThat(left.discarded).isTrue();
  }

  @Test
  void instance_thatHasEnded_leavesNone() {
    var left = giveBack(made(wish(ONE)));
    var others = giveBack(made(wish(OTHER)));

    fixture.pool.forget(ONE);

    assertThat(left.discarded).isTrue();
    assertThat(others.discarded).isFalse();
  }

  /** Runs tell their outcome, which may be the last of their instance, before they clean up. */
  @Test
  void sandbox_thatComesBackWhenItsInstanceHasEnded_isEndedToo() {
    var held = made(wish(ONE));

    fixture.pool.forget(ONE);

    assertThat(held.isReusable()).isFalse();
    assertThat(giveBack(held).discarded).isTrue();
    assertThat(giveBack(made(wish(ONE))).discarded).isFalse();
  }

  @Test
  void stop_endsWhatWaitsAndWhatComesLater() {
    var left = giveBack(made(wish(ONE)));
    var held = made(wish(OTHER));
    var future = ask(wish(new UUID(0, 3)));

    fixture.pool.stop();

    assertThat(future).isCompletedExceptionally();
    assertThat(left.discarded).isTrue();
    assertThat(maker.makeLast().discarded).isTrue();
    assertThat(giveBack(held).discarded).isTrue();
  }
}
