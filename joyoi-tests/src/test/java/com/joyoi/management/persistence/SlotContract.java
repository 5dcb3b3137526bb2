package com.joyoi.management.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.instance.ServiceRegistry;
import com.joyoi.management.instance.ServiceRegistry.Sign;
import com.joyoi.management.instance.ServiceRegistry.Start;
import com.joyoi.management.slot.SlotLedger;
import com.joyoi.management.slot.SlotLedger.Bid;
import com.joyoi.management.slot.SlotLedger.Holding;
import com.joyoi.management.slot.SlotLedger.Owner;
import com.joyoi.management.slot.SlotLedger.Share;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The slots that sessions hold of engines. */
@SuppressWarnings("NullAway") // fields are set before each test
public abstract class SlotContract extends PersistenceContract {
  private static final Duration LEASE = Duration.ofSeconds(20);

  private ServiceRegistry registry;
  private SlotLedger slots;
  private String engine;

  @BeforeEach
  void useSlots() {
    registry = persistence.serviceRegistry();
    slots = persistence.slots();
    engine = "engine-" + UUID.randomUUID();
  }

  private Owner start(String service) {
    var session = UUID.randomUUID().toString();
    registry.claim(new Start(service, session, LEASE, null, List.of()), process -> true);
    return new Owner(service, session);
  }

  private Optional<Share> settle(Owner owner, int most, int needed, int wanted) {
    var taken = taken(owner);
    return slots
        .settle(owner, taken, List.of(new Bid(engine, most, needed, wanted)), Set.of())
        .map(shares -> shares.get(engine));
  }

  private int taken(Owner owner) {
    return registry.heartbeat(owner.service(), owner.session(), 0).orElseThrow().slotsTaken();
  }

  private List<Holding> holdings() {
    return slots.look(Set.of(engine)).holdings();
  }

  private Sign sign(Owner seen, Owner by) {
    return registry.heartbeat(by.service(), by.session(), 0).orElseThrow().services().stream()
        .filter(sign -> sign.session().equals(seen.session()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void session_alone_holdsAll() {
    var one = start("one");

    assertThat(settle(one, 8, 0, 3)).contains(new Share(8, 8));
    assertThat(holdings()).containsExactly(new Holding(engine, one, LEASE, 8, 8, 3, false));
    assertThat(slots.look(Set.of(engine)).seconds()).isPositive();
    assertThat(slots.look(Set.of()).holdings()).isEmpty();
  }

  @Test
  void sessions_thatShare_tradeWhatIsGivenBack() {
    var one = start("one");
    var two = start("two");
    settle(one, 4, 0, 4);

    assertThat(settle(two, 6, 0, 6)).contains(new Share(0, 0));
    assertThat(settle(one, 4, 3, 4)).contains(new Share(3, 2));
    assertThat(settle(two, 6, 0, 6)).contains(new Share(1, 1));
    assertThat(settle(one, 4, 2, 4)).contains(new Share(2, 2));
    assertThat(settle(two, 6, 1, 6)).contains(new Share(2, 2));
  }

  @Test
  void session_thatStops_leavesWhatStillRuns() {
    var one = start("one");
    settle(one, 4, 0, 4);

    slots.leave(one.session(), Map.of(engine, 1));
    assertThat(holdings()).extracting(Holding::held).containsExactly(1);
    slots.leave(one.session(), Map.of(engine, 0));
    assertThat(holdings()).isEmpty();
  }

  @Test
  void slots_ofASilentSession_areTakenBackAndItIsTold() {
    var silent = start("silent");
    var other = start("other");
    settle(silent, 4, 0, 4);
    var sign = sign(silent, other);
    var holding = holdings().getFirst();

    assertThat(slots.takeBack(holding, 1, sign)).isTrue();
    assertThat(holdings()).extracting(Holding::held).containsExactly(1);
    assertThat(slots.settle(silent, 0, List.of(new Bid(engine, 4, 4, 4)), Set.of())).isEmpty();
    assertThat(taken(silent)).isEqualTo(1);
    assertThat(settle(other, 4, 0, 4)).contains(new Share(2, 2));
    // What it needs of those that were taken is not its own.
    assertThat(settle(silent, 4, 4, 4)).contains(new Share(2, 2));
  }

  @Test
  void slots_ofOneThatWasHeardOfMeanwhile_areNotTaken() {
    var alive = start("alive");
    var other = start("other");
    settle(alive, 4, 0, 4);
    var sign = sign(alive, other);
    var unused = taken(alive);

    assertThat(slots.takeBack(holdings().getFirst(), 0, sign)).isFalse();
    assertThat(slots.takeBack(holdings().getFirst(), 0, null)).isFalse();
    assertThat(holdings()).extracting(Holding::held).containsExactly(4);
  }

  @Test
  void slots_ofASessionWithoutItsName_areTaken() {
    var former = start("name");
    settle(former, 4, 0, 4);
    var holding = holdings().getFirst();
    var now = start("name");

    assertThat(slots.settle(former, 0, List.of(new Bid(engine, 4, 4, 4)), Set.of())).isEmpty();
    assertThat(holdings()).extracting(Holding::lease).containsExactly(LEASE);
    assertThat(settle(now, 4, 0, 4)).contains(new Share(0, 0));
    assertThat(slots.takeBack(holding, 0, null)).isTrue();
    assertThat(settle(now, 4, 0, 4)).contains(new Share(4, 4));
  }

  @Test
  void slots_thatAreGivenUp_areTakenUnlessTheSessionHasComeBack() {
    var one = start("one");
    settle(one, 4, 0, 4);
    slots.giveUp(one.session(), Set.of(engine));
    var givenUp = holdings().getFirst();
    assertThat(givenUp.isGivenUp()).isTrue();

    settle(one, 4, 0, 4);
    assertThat(slots.takeBack(givenUp, 0, null)).isFalse();
    slots.giveUp(one.session(), Set.of(engine));
    assertThat(slots.takeBack(givenUp, 0, null)).isTrue();
    assertThat(holdings()).isEmpty();
  }

  @Test
  void sessions_thatTradeAtOnce_neverHoldMoreThanThereIs() throws Exception {
    var numbers = new AtomicInteger();
    var sums =
        onThreads(
            4,
            () -> {
              var number = numbers.incrementAndGet();
              var owner = start("racing-" + number);
              var random = new Random(number);
              var allowed = 0;
              var most = 0;
              for (int i = 0; i < 25; i++) {
                var used = allowed == 0 ? 0 : random.nextInt(allowed + 1);
                allowed = settle(owner, 5, used, random.nextInt(6)).orElseThrow().allowed();
                most = Math.max(most, holdings().stream().mapToInt(Holding::held).sum());
              }
              return most;
            });

    assertThat(sums).allSatisfy(sum -> assertThat(sum).isLessThanOrEqualTo(5));
    assertThat(holdings()).hasSize(4);
  }
}
