package com.joyoi.management.slot;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.slot.SlotLedger.Bid;
import com.joyoi.management.slot.SlotLedger.Holding;
import com.joyoi.management.slot.SlotLedger.Owner;
import com.joyoi.management.slot.SlotLedger.Share;
import com.joyoi.management.slot.SlotLedger.View;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SharesTest {
  private static final Duration LEASE = Duration.ofSeconds(20);

  private static Share take(Bid bid, long seconds, Holding... holdings) {
    return Shares.of("me", bid, new View(List.of(holdings), seconds), Set.of("dead"))
        .take(bid.needed());
  }

  private static Bid bid(int most, int needed, int wanted) {
    return new Bid("engine", most, needed, wanted);
  }

  private static Holding holding(String session, int most, int held, int wanted) {
    return new Holding("engine", new Owner(session, session), LEASE, most, held, wanted, false);
  }

  @Test
  void alone_holdsAll() {
    assertThat(take(bid(8, 0, 0), 0)).isEqualTo(new Share(8, 8));
    assertThat(take(bid(8, 3, 8), 0, holding("me", 8, 3, 3))).isEqualTo(new Share(8, 8));
  }

  @Test
  void smallest_counts() {
    assertThat(take(bid(6, 0, 6), 0, holding("other", 4, 0, 0))).isEqualTo(new Share(4, 4));
    assertThat(take(bid(2, 0, 2), 0, holding("other", 4, 0, 4)).held()).isEqualTo(1);
  }

  @Test
  void other_thatComes_waitsForWhatIsGivenBack() {
    // It holds all, and what runs goes on: nothing is free yet.
    assertThat(take(bid(4, 0, 4), 0, holding("other", 4, 4, 4))).isEqualTo(new Share(0, 0));
    assertThat(take(bid(4, 0, 4), 0, holding("other", 4, 3, 4))).isEqualTo(new Share(1, 1));
    assertThat(take(bid(4, 1, 4), 0, holding("me", 4, 1, 4), holding("other", 4, 1, 4)))
        .isEqualTo(new Share(2, 2));
  }

  @Test
  void holder_keepsWhatItCantDoWithout() {
    var other = holding("other", 4, 0, 4);

    assertThat(take(bid(4, 3, 4), 0, holding("me", 4, 4, 4), other)).isEqualTo(new Share(3, 2));
    assertThat(take(bid(4, 2, 4), 0, holding("me", 4, 3, 4), other)).isEqualTo(new Share(2, 2));
  }

  @Test
  void slots_thatWereTaken_areNotTakenBackByBeingNeeded() {
    assertThat(take(bid(4, 3, 4), 0, holding("me", 4, 1, 4), holding("other", 4, 3, 4)))
        .isEqualTo(new Share(1, 1));
  }

  @Test
  void idle_givesAllButOneWhereThereAreMany() {
    assertThat(take(bid(4, 0, 0), 0, holding("me", 4, 4, 0), holding("other", 4, 0, 4)).held())
        .isZero();
    assertThat(take(bid(8, 0, 0), 0, holding("me", 8, 8, 0), holding("other", 8, 0, 8)).held())
        .isEqualTo(1);
  }

  @Test
  void dead_getsNoShareAndFreesNothing() {
    assertThat(take(bid(4, 0, 4), 0, holding("dead", 2, 3, 4))).isEqualTo(new Share(1, 1));
    var gone = new Holding("engine", new Owner("gone", "gone"), LEASE, 4, 3, 4, true);
    assertThat(take(bid(4, 0, 4), 0, gone)).isEqualTo(new Share(1, 1));
  }

  @Test
  void engine_ofAnother_isItsOwn() {
    var elsewhere = new Holding("elsewhere", new Owner("other", "other"), LEASE, 1, 1, 1, false);

    assertThat(take(bid(4, 0, 0), 0, elsewhere)).isEqualTo(new Share(4, 4));
  }

  @Test
  void divide_anyWants_givesAllAndLeavesNobodyBehind() {
    var random = new Random(7);
    for (var round = 0; round < 20_000; round++) {
      var room = random.nextInt(20);
      var wants = random.ints(1 + random.nextInt(6), 0, 25).toArray();
      var parts = Shares.divide(room, wants, round);

      var what = room + " to " + Arrays.toString(wants) + ": " + Arrays.toString(parts);
      assertThat(Arrays.stream(parts).sum()).as(what).isEqualTo(room);
      for (var i = 0; i < wants.length; i++) {
        assertThat(parts[i]).as(what).isNotNegative();
        for (var j = 0; j < wants.length; j++) {
          // Whoever has less than it wants has no less than others, but for a remainder.
          if (parts[i] < wants[i]) {
            assertThat(parts[j]).as(what).isLessThanOrEqualTo(Math.max(parts[i] + 1, 1));
          }
        }
      }
    }
  }

  @Test
  void divide_fewerSlotsThanServices_givesEachItsTurn() {
    var had = new int[3];
    for (var turn = 0; turn < 30; turn++) {
      var parts = Shares.divide(1, new int[] {1, 5, 9}, turn);
      for (var i = 0; i < 3; i++) {
        had[i] += parts[i];
      }
    }

    assertThat(had).containsExactly(10, 10, 10);
  }

  /** Services at random: the order of looking, giving and taking is that of no plan. */
  @Test
  void services_thatTrade_neverHoldMoreThanThereIs() {
    for (var seed = 0; seed < 300; seed++) {
      var random = new Random(seed);
      var limit = 1 + random.nextInt(8);
      var services = new ArrayList<Service>();
      for (var i = 0; i < 1 + random.nextInt(4); i++) {
        services.add(new Service("s" + i, limit + random.nextInt(3) * (i > 0 ? 1 : 0)));
      }
      var time = 0L;
      for (var step = 0; step < 400; step++) {
        time += random.nextInt(3);
        var service = services.get(random.nextInt(services.size()));
        switch (random.nextInt(4)) {
          case 0 -> service.waiting = random.nextInt(12);
          case 1 -> service.running -= service.running > 0 ? 1 : 0;
          default -> service.settle(services, time);
        }
        while (service.waiting > 0 && service.running < service.allowed) {
          service.waiting--;
          service.running++;
        }
        assertThat(services.stream().mapToInt(it -> it.held).sum())
            .as("seed %d", seed)
            .isLessThanOrEqualTo(limit);
        assertThat(services.stream().mapToInt(it -> it.running).sum()).isLessThanOrEqualTo(limit);
      }
      // Everybody wants all, and runs end: nobody is left out.
      var ran = new int[services.size()];
      for (var round = 0; round < 40; round++) {
        time += 10;
        for (var again = 0; again < 3; again++) {
          for (var i = 0; i < services.size(); i++) {
            var service = services.get(i);
            service.running = 0;
            service.waiting = 20;
            service.settle(services, time);
            service.running = service.allowed;
            ran[i] += service.running;
          }
        }
      }
      assertThat(ran).as("seed %d", seed).doesNotContain(0);
      if (services.size() == 1) {
        assertThat(services.getFirst().allowed).isEqualTo(limit);
      }
    }
  }

  private static final class Service {
    final String session;
    final int most;
    int waiting;
    int running;
    int allowed;
    int held;
    int wanted;
    boolean isThere;

    Service(String session, int most) {
      this.session = session;
      this.most = most;
    }

    void settle(List<Service> all, long seconds) {
      // The smallest is there from the beginning; what a later one would lower is told elsewhere.
      all.getFirst().isThere = true;
      isThere = true;
      wanted = Math.min(most, running + waiting);
      var view =
          new View(
              all.stream()
                  .filter(it -> it.isThere)
                  .map(it -> holding(it.session, it.most, it.held, it.wanted))
                  .toList(),
              seconds);
      var before =
          Shares.of(
              session, new Bid("engine", most, Math.max(allowed, running), wanted), view, Set.of());
      allowed = Math.min(allowed, before.target());
      var share = before.take(Math.max(allowed, running));
      held = share.held();
      allowed = share.allowed();
    }
  }
}
