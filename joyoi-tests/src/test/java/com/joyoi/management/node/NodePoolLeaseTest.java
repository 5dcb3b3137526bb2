package com.joyoi.management.node;

import static com.joyoi.management.node.PoolFixture.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.joyoi.management.error.JoyoiException;
import com.joyoi.management.error.JoyoiException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class NodePoolLeaseTest {
  @Test
  void acquire_nodesFree_fewestRunningJobsThenConfigurationOrder() {
    var fixture = PoolFixture.up(node("a", 3), node("b", 2));

    var names = new ArrayList<String>();
    for (var i = 0; i < 5; i++) {
      names.add(fixture.hold("job " + i).node().name());
    }

    assertThat(names).containsExactly("a", "b", "a", "b", "a");
  }

  @Test
  void acquire_equallyLoaded_longestUnused() {
    var fixture = PoolFixture.up(node("a", 1), node("b", 1), node("c", 1));
    fixture.hold("first").release();
    fixture.hold("second").release();

    assertThat(fixture.hold("third").node().name()).isEqualTo("c");
  }

  @Test
  void acquire_running_descriptionsInStatus() {
    var fixture = PoolFixture.up(node("a", 2));
    var lease = fixture.hold("compile 1");
    fixture.hold("compile 2");

    assertThat(fixture.status("a").runningJobDescriptions())
        .containsExactly("compile 1", "compile 2");
    assertThat(fixture.status("a").runningJobs()).isEqualTo(2);

    lease.release();
    assertThat(fixture.status("a").runningJobDescriptions()).containsExactly("compile 2");
  }

  @Test
  void release_severalWait_lowestPriorityThenFirstCome() {
    var fixture = PoolFixture.up(node("a", 1));
    var held = fixture.hold("holder");
    var order = new ArrayList<String>();
    for (var waiter : List.of("5:x", "1:y", "5:z", "1:w", "0:v")) {
      var unused =
          fixture
              .acquire(Integer.parseInt(waiter.substring(0, 1)), waiter)
              .thenAccept(
                  lease -> {
                    order.add(waiter);
                    lease.release();
                  });
    }
    assertThat(fixture.pool.waiting()).containsEntry(5, 2).containsEntry(1, 2).containsEntry(0, 1);

    held.release();

    assertThat(order).containsExactly("0:v", "1:y", "1:w", "5:x", "5:z");
    assertThat(fixture.pool.waiting()).isEmpty();
  }

  @Test
  void release_twice_freesOneSlotOnly() {
    var fixture = PoolFixture.up(node("a", 1));
    var held = fixture.hold("holder");
    var first = fixture.acquire("first");
    var second = fixture.acquire("second");

    held.release();
    held.release();

    assertThat(first).isCompleted();
    assertThat(second).isNotDone();
  }

  @Test
  void release_firstExcludesTheNode_nextGetsIt() {
    var fixture = PoolFixture.up(node("a", 1), node("b", 1));
    var onA = fixture.hold("on a");
    var onB = fixture.hold("on b");
    var picky = fixture.acquire(0, "picky", "a");
    var easy = fixture.acquire(9, "easy");

    onA.release();
    assertThat(picky).isNotDone();
    assertThat(easy.join().node().name()).isEqualTo("a");

    onB.release();
    assertThat(picky.join().node().name()).isEqualTo("b");
  }

  @Test
  void acquire_othersWaitForAnotherNode_takesTheFreeSlot() {
    var fixture = PoolFixture.up(node("a", 1), node("b", 1));
    fixture.hold("on b", "a");
    var picky = fixture.acquire(0, "picky", "a");

    assertThat(fixture.hold("easy").node().name()).isEqualTo("a");
    assertThat(picky).isNotDone();
  }

  @Test
  void acquire_allNodesExcluded_failsAtOnce() {
    var fixture = PoolFixture.up(node("a", 1), node("b", 1));

    assertUnavailable(fixture.acquire(0, "nowhere", "a", "b", "unknown"), "nowhere");
  }

  @Test
  void acquire_noNodesThere_waitsForOneToCome() {
    var fixture = PoolFixture.up();
    var waits = fixture.acquire("early");
    assertThat(waits).isNotDone();

    fixture.put(node("a", 1));

    assertThat(waits.join().node().name()).isEqualTo("a");
  }

  @Test
  void cancel_waiting_leavesTheQueue() {
    var fixture = PoolFixture.up(node("a", 1));
    var held = fixture.hold("holder");
    var cancelled = fixture.acquire("cancelled");
    var next = fixture.acquire("next");

    cancelled.cancel(false);

    assertThat(fixture.pool.waiting()).containsEntry(0, 1);
    held.release();
    assertThat(next).isCompleted();
  }

  @Test
  void timeOut_ofTheCallersFuture_leavesTheQueue() {
    var fixture = PoolFixture.up(node("a", 1));
    fixture.hold("holder");

    var timedOut = fixture.acquire("impatient").orTimeout(1, TimeUnit.MILLISECONDS);

    assertThat(timedOut.handle((lease, error) -> "ended").join()).isEqualTo("ended");
    // The pool is told by the same completion, perhaps after us.
    while (!fixture.pool.waiting().isEmpty()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void grant_waiterCancelledWhileItIsHandedOut_nextGetsIt() {
    var fixture = PoolFixture.up(node("a", 2));
    var one = fixture.hold("one");
    var two = fixture.hold("two");
    fixture.pool.cordon("a", true);
    one.release();
    two.release();
    var first = fixture.acquire("first");
    var second = fixture.acquire("second");
    var third = fixture.acquire("third");
    // Both slots are taken in one step: when the first hears of its lease, the second's lease
    // exists already.
    var unused = first.thenRun(() -> second.cancel(false));

    fixture.pool.cordon("a", false);

    assertThat(first).isCompleted();
    assertThat(second).isCancelled();
    assertThat(third).isCompleted();
    assertThat(fixture.status("a").runningJobs()).isEqualTo(2);
  }

  @Test
  void cordon_node_noNewWorkUntilLifted() {
    var fixture = PoolFixture.up(node("a", 1), node("b", 1));
    var running = fixture.hold("running");
    fixture.pool.cordon("a", true);
    assertThat(running.node().name()).isEqualTo("a");
    assertThat(fixture.status("a").cordoned()).isTrue();

    running.release();
    assertThat(fixture.hold("one").node().name()).isEqualTo("b");
    var waits = fixture.acquire("two");
    assertThat(waits).isNotDone();

    fixture.pool.cordon("a", false);
    assertThat(waits.join().node().name()).isEqualTo("a");
  }

  @Test
  void cordon_unknownNode_namesTheKnownOnes() {
    var fixture = PoolFixture.up(node("a", 1));

    assertThat(catchThrowable(() -> fixture.pool.cordon("x", true)))
        .isInstanceOfSatisfying(
            JoyoiException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND))
        .hasMessageContaining("'x'")
        .hasMessageContaining("[a]");
  }

  @Test
  void close_waiters_failByNameAndEnginesClose() {
    var fixture = PoolFixture.up(node("a", 1));
    fixture.hold("holder");
    var waits = fixture.acquire("judge 7");

    fixture.pool.close();
    fixture.pool.close();

    assertUnavailable(waits, "judge 7");
    assertUnavailable(fixture.acquire("late"), "late");
    assertThat(fixture.engine("a").isClosed()).isTrue();
    assertThat(fixture.timers.pending()).isEmpty();
  }

  @Test
  void release_manyWaitersThatReleaseAtOnce_doNotOverflowTheStack() {
    var fixture = PoolFixture.up(node("a", 1));
    var held = fixture.hold("holder");
    var served = new ArrayList<CompletableFuture<Void>>();
    for (var i = 0; i < 100_000; i++) {
      served.add(fixture.acquire(i % 7, "waiter").thenAccept(NodeLease::release));
    }

    held.release();

    assertThat(served).allMatch(CompletableFuture::isDone);
    assertThat(fixture.status("a").runningJobs()).isZero();
  }

  @Test
  void waiting_thousandWaiters_costNoThreads() {
    var fixture = PoolFixture.up(node("a", 1));
    fixture.hold("holder");
    var before = Thread.getAllStackTraces().size();
    for (var i = 0; i < 1_000; i++) {
      var unused = fixture.acquire("waiter " + i);
    }

    assertThat(Thread.getAllStackTraces().size()).isLessThan(before + 100);
    assertThat(fixture.pool.waiting()).containsEntry(0, 1_000);
  }

  @Test
  void connection_knownOrNot_whateverItsHealth() {
    var fixture = PoolFixture.notYetSeen(node("a", 1));

    assertThat(fixture.pool.connection("a")).isPresent();
    assertThat(fixture.pool.connection("x")).isEmpty();
    assertThat(fixture.pool.connections()).extracting(NodeConnection::name).containsExactly("a");
    fixture.pass(Duration.ofSeconds(1));
  }

  private static void assertUnavailable(CompletableFuture<NodeLease> future, String part) {
    assertThat(future).isCompletedExceptionally();
    assertThat(catchThrowable(future::join))
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            JoyoiException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
        .hasMessageContaining(part);
  }
}
