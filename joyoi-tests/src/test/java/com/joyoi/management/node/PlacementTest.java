package com.joyoi.management.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.joyoi.management.docker.DockerException;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.Limitation;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.model.SandboxOptions;
import com.joyoi.management.model.SandboxOptions.Reuse;
import com.joyoi.management.node.FakeSandboxes.FakeSandbox;
import com.joyoi.management.node.NodePool.LeaseRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who gets which sandbox, and when one is made. */
class PlacementTest {
  /** What making one takes here: as long as the pool supposes. */
  private static final Duration COST = Duration.ofMillis(300);

  private static final SandboxShape SHAPE = new SandboxShape(Limitation.DEFAULTS, false);
  private static final UUID ONE = new UUID(0, 1);
  private static final UUID OTHER = new UUID(0, 2);

  private final FakeSandboxes maker = new FakeSandboxes();
  private PoolFixture fixture = PoolFixture.up(maker, node("a", 4, Reuse.INSTANCE, 0));

  @AfterEach
  void nothingFailedOnATimer() {
    assertThat(fixture.timers.failures()).isEmpty();
  }

  private static NodeOptions node(String name, int jobs, Reuse reuse, int warm) {
    return PoolFixture.node(name, jobs)
        .with(
            ContainerOptions.DEFAULTS
                .withMaxRunningJobs(jobs)
                .withSandboxes(new SandboxOptions(reuse, warm, 1, 60, 50, 16_384)));
  }

  private static SandboxWish wish(UUID instance) {
    return wish(instance, Reuse.ALWAYS);
  }

  private static SandboxWish wish(UUID instance, Reuse reuse) {
    return new SandboxWish(SHAPE, reuse, instance, "work");
  }

  private CompletableFuture<NodeLease> ask(SandboxWish wish) {
    return ask(wish, 0);
  }

  private CompletableFuture<NodeLease> ask(SandboxWish wish, long number, String... excluded) {
    return fixture.pool.acquire(
        new LeaseRequest(0, wish.instanceId().toString(), Set.of(excluded), number, wish));
  }

  /** A lease whose sandbox is made for it. */
  private NodeLease made(SandboxWish wish) {
    var before = maker.asked.size();
    var future = ask(wish);
    assertThat(maker.asked).hasSize(before + 1);
    fixture.pass(COST);
    maker.makeLast();
    return now(future);
  }

  /** A lease that must be there. */
  private static NodeLease now(CompletableFuture<NodeLease> future) {
    assertThat(future).isCompleted();
    return future.join();
  }

  private static FakeSandbox sandbox(NodeLease lease) {
    return (FakeSandbox) lease.sandbox().orElseThrow();
  }

  private static FakeSandbox giveBack(NodeLease lease) {
    var sandbox = sandbox(lease);
    lease.release(sandbox);
    return sandbox;
  }

  private int running(String node) {
    return fixture.status(node).runningJobs();
  }

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

  private void assertFailed(CompletableFuture<NodeLease> future, RuntimeException cause) {
    assertThat(catchThrowable(future::join))
        .cause()
        .isInstanceOfSatisfying(
            SandboxFailedException.class, e -> assertThat(e.node()).isEqualTo("a"))
        .hasCause(cause);
  }

  @Test
  void making_thatIsRefused_failsItsRunAndCostsNoSlot() {
    fixture = PoolFixture.up(maker, node("a", 1, Reuse.INSTANCE, 0));
    var future = ask(wish(ONE));
    var refusal = DockerException.refused("limit can't be kept", null);

    maker.asked.getLast().fail(refusal);

    assertFailed(future, refusal);
    assertThat(fixture.status("a").errorFlags()).isFalse();
    made(wish(OTHER));
  }

  @Test
  void making_thatTheNodeFails_isTheNodesFault() {
    fixture = PoolFixture.up(maker, node("a", 1, Reuse.INSTANCE, 0));
    var future = ask(wish(ONE));
    var fault = DockerException.nodeFault("connection refused", null);

    maker.asked.getLast().fail(fault);

    assertFailed(future, fault);
    assertThat(fixture.status("a").errorFlags()).isTrue();
    fixture.pass(Duration.ofMinutes(2));
    made(wish(OTHER));
  }

  @Test
  void making_thatFailsInAnUnknownWay_isToldToTheRun() {
    var future = ask(wish(ONE));

    maker.asked.getLast().fail(new IllegalStateException("odd"));

    assertThat(catchThrowable(future::join)).hasMessageContaining("odd");
    assertThat(running("a")).isZero();
  }

  @Test
  void maker_thatThrows_costsNoSlot() {
    fixture =
        PoolFixture.up(
            (node, shape) -> {
              throw new IllegalStateException("odd");
            },
            node("a", 1, Reuse.INSTANCE, 0));

    assertThat(catchThrowable(ask(wish(ONE))::join)).hasMessageContaining("odd");
    assertThat(fixture.acquire("plain")).isCompleted();
  }

  @Test
  void image_thatCantServe_isNotTriedAgain() {
    var first = ask(wish(ONE));
    var second = ask(wish(ONE));

    maker.asked.getLast().fail(new SandboxUnsupportedException("no bash", new Exception()));

    assertThat(now(first).sandbox()).isEmpty();
    assertThat(now(second).sandbox()).isEmpty();
    assertThat(now(ask(wish(OTHER))).sandbox()).isEmpty();
    assertThat(maker.asked).hasSize(1);
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
  void sandbox_madeForOneThatIsCancelled_goesToTheNext() {
    var first = ask(wish(ONE));
    var second = ask(wish(OTHER));
    first.cancel(false);

    var sandbox = maker.asked.getFirst().make();

    assertThat(sandbox(now(second))).isSameAs(sandbox);
  }

  @Test
  void sandbox_madeForOneThatWasServed_goesToTheNext() {
    var first = made(wish(ONE));
    var second = ask(wish(ONE));
    fixture.pass(Duration.ofSeconds(2));
    assertThat(maker.asked).hasSize(2);
    var left = giveBack(first);
    assertThat(sandbox(now(second))).isSameAs(left);

    var spare = maker.makeLast();

    assertThat(sandbox(now(ask(wish(OTHER))))).isSameAs(spare);
  }

  @Test
  void making_thatFailsAfterItsRunWasServed_isNoFaultOfTheRun() {
    var first = made(wish(ONE));
    var second = ask(wish(ONE));
    fixture.pass(Duration.ofSeconds(2));
    giveBack(first);

    maker.asked.getLast().fail(DockerException.refused("no", null));

    now(second).release();
    assertThat(running("a")).isZero();
  }

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

  @Test
  void warmSandboxes_withoutDemand_areNone() {
    fixture = PoolFixture.up(maker, node("a", 4, Reuse.INSTANCE, 2));

    fixture.pass(Duration.ofSeconds(10));

    assertThat(maker.asked).isEmpty();
  }

  @Test
  void warmSandboxes_followTheDemandOneAtATime() {
    fixture = PoolFixture.up(maker, node("a", 4, Reuse.INSTANCE, 2));
    made(wish(ONE));
    assertThat(maker.asked).hasSize(2);
    var second = ask(wish(OTHER));
    maker.makeLast();
    now(second);

    // Two were wanted, but one is still being made.
    fixture.pass(Duration.ofSeconds(5));
    assertThat(maker.asked).hasSize(3);
    var warm = maker.asked.get(1).make();
    fixture.pass(Duration.ofSeconds(15));
    assertThat(maker.asked).hasSize(4);
    maker.makeLast();
    fixture.pass(Duration.ofSeconds(15));
    assertThat(maker.asked).hasSize(4);

    assertThat(now(ask(wish(new UUID(0, 3)))).sandbox()).isPresent();
    assertThat(warm.discarded).isFalse();
  }

  @Test
  void warmSandboxes_whileSomebodyWaits_areNotMade() {
    fixture = PoolFixture.up(maker, node("a", 1, Reuse.INSTANCE, 2));
    var first = ask(wish(ONE));
    var waiting = fixture.acquire("plain");
    maker.makeLast();

    fixture.pass(Duration.ofSeconds(10));
    assertThat(maker.asked).hasSize(1);

    now(first).release();
    now(waiting).release();
    fixture.pass(Duration.ofSeconds(10));
    assertThat(maker.asked).hasSize(2);
  }

  @Test
  void warmSandboxes_thatCanNotBeMade_areNotTriedAgainAndAgain() {
    fixture = PoolFixture.up(maker, node("a", 4, Reuse.INSTANCE, 2));
    made(wish(ONE));
    assertThat(maker.asked).hasSize(2);

    maker.asked.getLast().fail(DockerException.refused("no room", null));
    fixture.pass(Duration.ofSeconds(5));
    assertThat(maker.asked).hasSize(2);

    fixture.pass(Duration.ofSeconds(10));
    assertThat(maker.asked).hasSize(3);
  }
}
