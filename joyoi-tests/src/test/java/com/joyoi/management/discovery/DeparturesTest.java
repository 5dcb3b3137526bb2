package com.joyoi.management.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.container.ContainerLedger;
import com.joyoi.management.container.ContainerWorld;
import com.joyoi.management.docker.FakeDockerEngine;
import com.joyoi.management.node.NodeConnection;
import com.joyoi.management.node.NodePool.Leaving;
import com.joyoi.management.web.fake.FakeNodes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeparturesTest {
  private final ContainerWorld world = new ContainerWorld();
  private final LeavingPool pool = new LeavingPool();
  private final Departures departures = new Departures(pool, world.reaper, world.left, world.clock);
  private final Instant began = world.clock.instant();

  private void leaves(boolean idle, boolean up, boolean replaced) {
    leaves(began, idle, up, replaced);
  }

  private void leaves(Instant heard, boolean idle, boolean up, boolean replaced) {
    pool.leaving = List.of(new Leaving(world.connection, heard, idle, up, replaced));
  }

  @Test
  void node_whereSomethingRuns_stays() {
    leaves(false, true, false);

    departures.look();
    departures.look();

    assertThat(pool.letGo).isEmpty();
  }

  @Test
  void node_atRest_goesAtTheSecondLookWithItsRows() {
    row("kept", Instant.MAX);
    leaves(true, true, false);

    departures.look();
    assertThat(pool.letGo).isEmpty();
    departures.look();

    assertThat(pool.letGo).containsExactly(world.connection);
    assertThat(world.ledger.names()).isEmpty();
  }

  private void row(String name, Instant keepUntil) {
    world.ledger.record(ContainerLedger.Entry.of(name, world.connection, "session", keepUntil));
  }

  @Test
  void node_withARemovalUnderWay_staysUntilThatHasSucceeded() {
    row("c", Instant.EPOCH);
    world.engine.daemon.setMode(FakeDockerEngine.Mode.FAILS);
    world.reaper.disposeInBackground(world.connection, "c", () -> {});
    leaves(true, true, true);
    departures.look();
    departures.look();
    assertThat(pool.letGo).isEmpty();

    world.engine.daemon.setMode(FakeDockerEngine.Mode.ANSWERS);
    world.runNext();
    departures.look();

    assertThat(pool.letGo).containsExactly(world.connection);
    assertThat(world.ledger.names()).isEmpty();
  }

  @Test
  void node_whosePlaceAnotherHas_leavesWhatIsThereToThatOne() {
    row("the other's", Instant.EPOCH);
    leaves(true, true, true);

    departures.look();
    departures.look();

    assertThat(pool.letGo).hasSize(1);
    assertThat(world.ledger.names()).containsExactly("the other's");
  }

  @Test
  void node_thatDoesNotAnswer_isGivenUpInTheEndAndItsContainersAreNoted() {
    row("c", Instant.EPOCH);
    world.engine.daemon.setMode(FakeDockerEngine.Mode.FAILS);
    world.reaper.disposeInBackground(world.connection, "c", () -> {});
    leaves(false, false, false);
    world.clock.set(began.plus(Departures.PATIENCE));
    departures.look();
    assertThat(pool.letGo).isEmpty();

    world.clock.set(began.plus(Departures.PATIENCE).plusSeconds(1));
    departures.look();
    world.runNext();

    assertThat(pool.letGo).hasSize(1);
    assertThat(world.left.all(List::of)).extracting("name").containsExactly("c");
    assertThat(world.timers.isEmpty()).isTrue();
  }

  @Test
  void node_thatAnsweredSinceItBeganToLeave_hasTheTimeFromThen() {
    leaves(began.plus(Departures.PATIENCE), false, false, false);
    world.clock.set(began.plus(Departures.PATIENCE).plusSeconds(1));

    departures.look();

    assertThat(pool.letGo).isEmpty();
  }

  @Test
  void node_whosePlaceAnotherHas_isWaitedForHoweverLong() {
    leaves(false, false, true);
    world.clock.set(began.plus(Departures.PATIENCE.multipliedBy(9)));

    departures.look();

    assertThat(pool.letGo).isEmpty();
  }

  /** A pool of which only those that leave matter. */
  private static final class LeavingPool extends FakeNodes {
    private List<Leaving> leaving = List.of();
    private final List<NodeConnection> letGo = new ArrayList<>();

    @Override
    public List<Leaving> leaving() {
      return leaving;
    }

    @Override
    public void letGo(NodeConnection node) {
      letGo.add(node);
    }
  }
}
