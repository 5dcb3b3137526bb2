package com.joyoi.management.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.docker.DockerException;
import com.joyoi.management.model.SandboxOptions.Reuse;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Unused sandboxes that are made before anybody asks. */
class WarmSandboxesTest extends PlacementCase {
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
