package com.joyoi.management.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.joyoi.management.docker.DockerException;
import com.joyoi.management.model.SandboxOptions.Reuse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Sandboxes that are made for a run, and those that can not be. */
class MakingTest extends PlacementCase {
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
  void making_thatFails_tellsTheRunItsPlaceInTheQueue() {
    var future = ask(wish(ONE), 7);

    maker.asked.getLast().fail(DockerException.refused("no room", null));

    assertThat(catchThrowable(future::join))
        .cause()
        .isInstanceOfSatisfying(
            SandboxFailedException.class, e -> assertThat(e.number()).isEqualTo(7));
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
}
