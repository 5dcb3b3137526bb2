package com.joyoi.management.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.model.SandboxOptions.Reuse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** When runs wait for the sandboxes of others, and when another is made. */
class PatienceTest extends PlacementCase {
  /** Runs as many as there are, one after the other in each sandbox, until all have ended. */
  private int sandboxesFor(int runs, Duration each) {
    var waiting = new ArrayList<CompletableFuture<NodeLease>>();
    for (int i = 0; i < runs; i++) {
      waiting.add(ask(wish(ONE)));
    }
    while (!waiting.isEmpty()) {
      fixture.pass(each);
      maker.asked.forEach(FakeSandboxes.Asked::make);
      var done = waiting.stream().filter(CompletableFuture::isDone).toList();
      waiting.removeAll(done);
      fixture.pass(each);
      done.forEach(future -> giveBack(future.join()));
    }
    return maker.asked.size();
  }

  @Test
  void shortRuns_manyAtOnce_followOneAnotherInOneSandbox() {
    assertThat(sandboxesFor(20, Duration.ofMillis(5))).isOne();
  }

  @Test
  void longRuns_manyAtOnce_getAsManySandboxesAsTheNodeHasSlots() {
    assertThat(sandboxesFor(20, Duration.ofSeconds(5))).isEqualTo(4);
  }

  @Test
  void run_behindOneThatTurnsOutLong_isPatientNoLongerThanItPays() {
    made(wish(ONE));
    var second = ask(wish(ONE));
    assertThat(maker.asked).hasSize(1);

    fixture.pass(Duration.ofSeconds(2));

    assertThat(maker.asked).hasSize(2);
    maker.makeLast();
    now(second);
  }

  /** A node with an unused sandbox, and an instance that has one of its own, in use. */
  private NodeLease besideAnUnusedOne() {
    fixture = PoolFixture.up(maker, node("a", 4, Reuse.INSTANCE, 1));
    var first = made(wish(ONE));
    maker.makeLast();
    assertThat(maker.asked).hasSize(2);
    return first;
  }

  @Test
  void instanceWithNone_takesAnUnusedOneAtOnce() {
    besideAnUnusedOne();

    now(ask(wish(OTHER)));
  }

  @Test
  void runs_behindAShortOne_leaveTheUnusedOneAlone() {
    var first = besideAnUnusedOne();
    var second = ask(wish(ONE));
    var third = ask(wish(ONE));
    assertThat(List.of(second, third)).noneMatch(CompletableFuture::isDone);

    fixture.pass(Duration.ofMillis(20));
    var left = giveBack(first);

    assertThat(sandbox(now(second))).isSameAs(left);
    assertThat(third).isNotDone();
    now(ask(wish(OTHER)));
  }

  @Test
  void runs_whoseWaitIsLongerThanAMaking_takeTheUnusedOne() {
    var first = besideAnUnusedOne();
    fixture.pass(Duration.ofMillis(100));
    giveBack(first);
    now(ask(wish(ONE)));
    var second = ask(wish(ONE));
    assertThat(second).isNotDone();

    var third = ask(wish(ONE));

    // The first in the queue has it.
    now(second);
    assertThat(third).isNotDone();
  }

  @Test
  void run_behindOneThatTurnsOutLong_takesTheUnusedOne() {
    besideAnUnusedOne();
    var second = ask(wish(ONE));
    assertThat(second).isNotDone();

    fixture.pass(Duration.ofSeconds(2));

    now(second);
  }

  @Test
  void run_behindOneThatIsCancelledBeforeItIsPlaced_goesAheadInItsPlace() {
    fixture = PoolFixture.up(maker, node("a", 1, Reuse.INSTANCE, 0));
    var held = made(wish(OTHER));
    var first = ask(wish(ONE));
    var second = ask(wish(ONE));
    first.cancel(false);

    held.release();

    maker.makeLast();
    now(second);
  }

  @Test
  void slot_withASandboxThatTheNextCanUse_isKeptForATurn() {
    fixture = PoolFixture.up(maker, node("a", 1, Reuse.INSTANCE, 0));
    var first = made(wish(ONE));
    var other = ask(wish(OTHER));
    var second = ask(wish(ONE));
    var third = ask(wish(ONE));

    giveBack(first);
    var lease = now(second);
    assertThat(other).isNotDone();
    fixture.pass(COST.multipliedBy(4));
    giveBack(lease);

    assertThat(maker.asked).hasSize(2);
    maker.makeLast();
    giveBack(now(other));
    now(third);
  }

  @Test
  void slot_thatABetterPriorityWaitsFor_isNotKept() {
    fixture = PoolFixture.up(maker, node("a", 1, Reuse.INSTANCE, 0));
    var first = made(wish(ONE));
    var second = ask(wish(ONE));
    var better = fixture.acquire(-1, "better");

    giveBack(first);

    assertThat(better).isCompleted();
    assertThat(second).isNotDone();
  }

  @Test
  void shortRuns_whereAllSlotsAreTaken_getNoSecondSandbox() {
    fixture = PoolFixture.up(maker, node("a", 2, Reuse.INSTANCE, 0));
    var first = made(wish(ONE));
    var other = made(wish(OTHER));
    var waiting = new ArrayList<CompletableFuture<NodeLease>>();
    for (int i = 0; i < 40; i++) {
      waiting.add(ask(wish(ONE)));
    }
    fixture.pass(Duration.ofMillis(100));
    giveBack(first);

    other.release();
    assertThat(maker.asked).hasSize(2);
    // The slot is free now, and whoever waits finds that out.
    fixture.pass(COST);
    assertThat(maker.asked).hasSize(3);
    now(waiting.getFirst());
  }

  @Test
  void shortRuns_whereAllSlotsAreTakenAndAWorsePriorityWaits_getASecondSandbox() {
    fixture = PoolFixture.up(maker, node("a", 2, Reuse.INSTANCE, 0));
    var first = made(wish(ONE));
    var other = made(wish(OTHER));
    var worse = fixture.acquire(1, "worse");
    for (int i = 0; i < 40; i++) {
      assertThat(ask(wish(ONE))).isNotDone();
    }
    fixture.pass(Duration.ofMillis(100));
    giveBack(first);

    other.release();

    assertThat(maker.asked).hasSize(3);
    assertThat(worse).isNotDone();
  }

  @Test
  void run_behindOneWhoseSandboxIsLost_getsOneMade() {
    var first = made(wish(ONE));
    var second = ask(wish(ONE));
    first.release();

    maker.makeLast();

    now(second);
    assertThat(maker.asked).hasSize(2);
  }

  @Test
  void runs_behindOneThatGotASlotWithoutASandbox_allGetTheirs() {
    var waiting = new ArrayList<CompletableFuture<NodeLease>>();
    for (int i = 0; i < 8; i++) {
      waiting.add(ask(wish(ONE)));
    }

    maker.asked.getLast().fail(new SandboxUnsupportedException("no bash", new Exception()));

    for (var future : waiting) {
      now(future).release();
    }
  }

  @Test
  void run_ofOtherWorkThanALongOne_isPatientNoLongerThanItPays() {
    made(wish(ONE, "slow"));
    fixture.pass(Duration.ofSeconds(2));

    var fast = ask(wish(ONE, "fast"));

    assertThat(maker.asked).hasSize(2);
    maker.makeLast();
    now(fast);
  }

  @Test
  void run_ofOtherWorkThanALongOne_takesTheUnusedOne() {
    besideAnUnusedOne();
    fixture.pass(Duration.ofSeconds(2));

    now(ask(wish(ONE, "fast")));
  }

  @Test
  void run_ofOtherWorkThanALongOne_whereAllSlotsAreTaken_getsTheNextSlot() {
    fixture = PoolFixture.up(maker, node("a", 2, Reuse.INSTANCE, 0));
    made(wish(ONE, "slow"));
    var other = made(wish(OTHER));
    var fast = ask(wish(ONE, "fast"));
    fixture.pass(Duration.ofSeconds(5));
    var later = fixture.acquire("later");

    other.release();

    maker.makeLast();
    now(fast);
    assertThat(later).isNotDone();
  }

  @Test
  void run_behindOneOfAWorsePriorityThatWaits_goesFirst() {
    fixture = PoolFixture.up(maker, node("a", 1, Reuse.ALWAYS, 0));
    var held = fixture.hold("plain");
    var worse = ask(1, wish(OTHER));
    var better = ask(0, wish(ONE));

    held.release();

    maker.makeLast();
    now(better);
    assertThat(worse).isNotDone();
  }

  @Test
  void run_afterALongOneWhoseSandboxIsAboutToComeBack_waitsForThat() {
    var first = made(wish(ONE));
    fixture.pass(Duration.ofSeconds(5));
    first.over(true);

    var second = ask(wish(ONE));
    fixture.pass(Duration.ofMillis(20));
    var left = giveBack(first);

    assertThat(sandbox(now(second))).isSameAs(left);
    assertThat(maker.asked).hasSize(1);
  }

  @Test
  void run_afterOneWhoseSandboxDoesNotComeBack_getsOneMadeAtOnce() {
    var first = made(wish(ONE));
    var second = ask(wish(ONE));
    first.over(false);

    maker.makeLast();

    now(second);
    assertThat(maker.asked).hasSize(2);
    assertThat(running("a")).isEqualTo(2);
  }

  @Test
  void run_behindALongOneAndAWorsePriorityThatWaits_goesFirst() {
    fixture = PoolFixture.up(maker, node("a", 2, Reuse.ALWAYS, 0));
    made(wish(ONE));
    var held = fixture.hold("plain");
    var worse = ask(1, wish(OTHER));
    fixture.pass(Duration.ofSeconds(10));
    var better = ask(0, wish(ONE));
    fixture.pass(Duration.ofSeconds(1));

    held.release();

    maker.makeLast();
    now(better);
    assertThat(worse).isNotDone();
  }

  @Test
  void run_behindOneThatCanNotHaveWhatIsFree_takesIt() {
    fixture = PoolFixture.up(maker, node("a", 1, Reuse.ALWAYS, 0), node("b", 1, Reuse.ALWAYS, 0));
    fixture.pool.cordon("b", true);
    var elsewhere = ask(wish(ONE), 0, "a");

    var next = ask(wish(OTHER));

    maker.makeLast();
    now(next);
    assertThat(elsewhere).isNotDone();
  }

  @Test
  void run_behindOneThatCanNotHaveWhatComesFree_takesIt() {
    fixture = PoolFixture.up(maker, node("a", 1, Reuse.ALWAYS, 0), node("b", 1, Reuse.ALWAYS, 0));
    fixture.pool.cordon("b", true);
    var held = fixture.hold("plain");
    var elsewhere = ask(wish(ONE), 0, "a");
    var next = ask(wish(OTHER));

    held.release();
    fixture.pass(COST);

    maker.makeLast();
    now(next);
    assertThat(elsewhere).isNotDone();
  }

  @Test
  void run_behindASandboxThatDoesNotComeBack_isPatientNoLongerThanItPays() {
    var first = made(wish(ONE));
    first.over(true);
    var second = ask(wish(ONE));
    assertThat(maker.asked).hasSize(1);

    fixture.pass(Duration.ofSeconds(2));

    maker.makeLast();
    now(second);
  }
}
