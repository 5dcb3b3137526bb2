package com.joyoi.management.slot;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.docker.FakeDockerEngine;
import com.joyoi.management.instance.ServiceRegistry.Sign;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.node.NodeConnection;
import com.joyoi.management.node.SharedNodes.Availability;
import com.joyoi.management.node.SharedNodes.Demand;
import com.joyoi.management.slot.SlotLedger.Bid;
import com.joyoi.management.slot.SlotLedger.Holding;
import com.joyoi.management.slot.SlotLedger.Owner;
import com.joyoi.management.slot.SlotLedger.Share;
import com.joyoi.management.slot.SlotLedger.View;
import com.joyoi.management.slot.Standing.Over;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Engines of which some do not answer; the test runs what would be on threads. */
class LeftSlotsTest {
  private final List<Runnable> looks = new ArrayList<>();
  private final List<String> taken = new ArrayList<>();
  private int told;
  private final LeftSlots left =
      new LeftSlots(new Ledger(), new Nothing(), () -> 0, looks::add, () -> told++);

  private static Demand node(String engine, Availability availability) {
    return new Demand(
        new NodeConnection(
            new NodeOptions(engine, "joyoi", "unix:///none", null, ContainerOptions.DEFAULTS),
            new FakeDockerEngine()),
        availability,
        0,
        engine,
        4,
        0,
        0,
        0);
  }

  private static Over over(String engine) {
    var owner = new Owner("dead", "dead");
    return new Over(
        new Holding(engine, owner, Duration.ofSeconds(12), 4, 4, 0, false),
        new Sign("dead", "dead", "beat", Duration.ofSeconds(12)));
  }

  @Test
  void engines_areAskedEachByItselfAndNoneTwiceAtOnce() {
    var uses =
        EngineUse.of(
            List.of(node("hangs", Availability.OPEN), node("answers", Availability.CLOSED)));
    var over = List.of(over("hangs"), over("answers"));

    left.look(over, uses);
    left.look(over, uses);
    assertThat(looks).hasSize(2);
    // The one of them hangs.
    looks.getLast().run();

    assertThat(taken).hasSize(1);
    assertThat(told).isEqualTo(1);
    left.look(over, uses);
    assertThat(looks).hasSize(3);
  }

  @Test
  void engine_thatIsDown_isNotAsked() {
    var uses = EngineUse.of(List.of(node("down", Availability.DOWN)));

    left.look(List.of(over("down")), uses);

    assertThat(looks).isEmpty();
  }

  /** Engines on which nothing is left. */
  private static final class Nothing implements SharedSlots.Remains {
    @Override
    public int count(NodeConnection node, Owner owner) {
      return 0;
    }

    @Override
    public void remove(NodeConnection node, Owner owner) {
      throw new AssertionError("nothing is there");
    }
  }

  private final class Ledger implements SlotLedger {
    @Override
    public View look(Set<String> engines) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Map<String, Share>> settle(
        Owner owner, int before, Collection<Bid> bids, Set<String> over) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean takeBack(Holding holding, int count, @Nullable Sign sign) {
      taken.add(holding.engine());
      return true;
    }

    @Override
    public void giveUp(String session, Set<String> engines) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void leave(String session, Map<String, Integer> used) {
      throw new UnsupportedOperationException();
    }
  }
}
