package com.joyoi.management.slot;

import static org.assertj.core.api.Assertions.assertThat;

import com.joyoi.management.concurrent.ManualTimers;
import com.joyoi.management.docker.FakeDockerEngine;
import com.joyoi.management.instance.ServiceRegistry;
import com.joyoi.management.instance.ServiceRegistry.Start;
import com.joyoi.management.model.ContainerOptions;
import com.joyoi.management.model.NodeOptions;
import com.joyoi.management.node.NodeConnection;
import com.joyoi.management.node.SharedNodes;
import com.joyoi.management.node.SharedNodes.Availability;
import com.joyoi.management.persistence.DatabaseSettings;
import com.joyoi.management.persistence.Persistence;
import com.joyoi.management.slot.SlotLedger.Owner;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Services on one database that use one engine; the test is their time, their pools and it. */
class SharedSlotsTest {
  private static final Duration LEASE = Duration.ofSeconds(12);

  private final ManualTimers timers = new ManualTimers();
  private final Persistence database =
      Persistence.open(DatabaseSettings.inMemory(), timers.clock());
  private final ServiceRegistry registry = database.serviceRegistry();
  private final List<Service> services = new ArrayList<>();

  /** Whose containers were to be removed. */
  private final List<Owner> removed = new ArrayList<>();

  @AfterEach
  void closeDatabase() {
    database.close();
  }

  private long now() {
    return Duration.between(Instant.EPOCH, timers.clock().instant()).toNanos();
  }

  private Service start(String name, int most) {
    return start(name, most, false);
  }

  private Service start(String name, int most, boolean mayFormerLive) {
    var service = new Service(name, most, mayFormerLive);
    services.add(service);
    service.slots.engineKnown();
    return service;
  }

  /** Heartbeats of these, while time passes. */
  private void beat(Duration time, Service... beating) {
    for (long second = 0; second < time.toSeconds(); second += 2) {
      timers.advance(Duration.ofSeconds(2));
      for (var service : beating) {
        service.beat();
      }
    }
  }

  private int running() {
    return services.stream().mapToInt(service -> service.containers).sum();
  }

  @Test
  void service_alone_holdsAllAtOnce() {
    assertThat(start("one", 4).allowed).isEqualTo(4);
  }

  @Test
  void services_thatBothWant_shareWithinTwoHeartbeats() {
    var one = start("one", 4);
    one.waiting = 10;
    one.work();
    var two = start("two", 6);
    two.waiting = 10;

    beat(Duration.ofSeconds(2), two, one);
    assertThat(one.allowed).isEqualTo(2);
    assertThat(two.allowed).isZero();
    one.end();
    one.work();
    assertThat(one.containers).isEqualTo(3);
    one.end();
    one.work();
    beat(Duration.ofSeconds(2), one, two);
    assertThat(two.allowed).isEqualTo(2);
    assertThat(one.allowed).isEqualTo(2);
  }

  @Test
  void service_thatWaits_isServedSoonerThanTheNextHeartbeat() {
    var one = start("one", 4);
    one.waiting = 10;
    one.work();
    var two = start("two", 4);
    two.waiting = 10;
    beat(Duration.ofSeconds(2), two, one);

    one.end();
    timers.advance(Duration.ofMillis(1500));
    assertThat(one.containers + two.allowed).isEqualTo(4);
  }

  @Test
  void service_thatStops_givesAllBack() {
    var one = start("one", 4);
    var two = start("two", 4);
    assertThat(two.allowed).isZero();

    one.slots.close();
    beat(Duration.ofSeconds(2), two);
    assertThat(two.allowed).isEqualTo(4);
  }

  @Test
  void service_thatIsKilled_leavesItsSlotsToTheOtherWhenNothingOfItIsLeft() {
    var one = start("one", 4);
    one.waiting = 2;
    one.work();
    var two = start("two", 4);
    two.waiting = 9;

    beat(LEASE.minusSeconds(2), two);
    assertThat(two.allowed).isZero();
    beat(Duration.ofSeconds(6), two);
    // Two containers of it are still there.
    assertThat(two.allowed).isEqualTo(2);
    one.containers = 0;
    beat(Duration.ofSeconds(4), two);
    assertThat(two.allowed).isEqualTo(4);
  }

  @Test
  void service_thatIsStartedAgain_hasItsSlotsWhenNothingOfTheFormerIsLeft() {
    var former = start("one", 4);
    former.waiting = 1;
    former.work();
    var again = start("one", 4);
    assertThat(again.allowed).isEqualTo(3);

    former.containers = 0;
    beat(Duration.ofSeconds(2), again);
    assertThat(again.allowed).isEqualTo(4);
  }

  @Test
  void service_thatReplacesALivingOne_waitsForItsLease() {
    start("one", 4);
    var replacing = start("one", 4, true);

    beat(LEASE, replacing);
    assertThat(replacing.allowed).isZero();
    beat(Duration.ofSeconds(4), replacing);
    assertThat(replacing.allowed).isEqualTo(4);
  }

  @Test
  void service_thatStoodStill_holdsNothingOfBefore() {
    var paused = start("paused", 4);
    paused.waiting = 1;
    var two = start("two", 4);
    two.waiting = 4;
    paused.grant();
    beat(LEASE.plusSeconds(6), two);
    assertThat(two.allowed).isEqualTo(4);

    assertThat(paused.slots.isHeld()).isFalse();
    assertThat(paused.startGranted()).isZero();
    paused.beat();
    assertThat(paused.slots.isHeld()).isTrue();
    assertThat(paused.startGranted()).isZero();
  }

  @Test
  void service_withTwoNodesOfOneEngine_usesTheFirstUnderTheSmallerBound() {
    var one = new Service("one", 6, false);
    one.twin = 3;
    one.slots.engineKnown();

    assertThat(one.allowed).isEqualTo(3);
    assertThat(one.twinWhy).contains("is the same engine as node");
  }

  /** As one whose options were changed while something runs. */
  @Test
  void node_thatLeaves_countsForTheOneThatHasItsPlace() {
    var one = new Service("one", 6, false);
    one.leaving = 2;
    one.slots.engineKnown();
    assertThat(one.allowed).isEqualTo(4);

    one.leaving = 0;
    one.beat();
    assertThat(one.allowed).isEqualTo(6);
  }

  @Test
  void node_thatLeavesWhileAllIsHeld_leavesTheRestToItsSuccessorUnderThatOnesBound() {
    var one = start("one", 6);
    one.allowed = 0;
    one.generation++;
    one.leaving = 2;
    one.leftMost = 3;

    one.beat();

    assertThat(one.allowed).isEqualTo(4);
  }

  @Test
  void twin_getsTheWorkWhileTheFirstIsDown() {
    var one = new Service("one", 4, false);
    one.twin = 4;
    one.slots.engineKnown();
    assertThat(one.allowed).isEqualTo(4);

    one.isDown = true;
    one.beat();
    assertThat(one.allowed).isZero();
    assertThat(one.twinAllowed).isEqualTo(4);

    // What begins on the twin before it is bounded counts.
    one.twinBegins = 3;
    one.isDown = false;
    one.beat();
    assertThat(one.twinAllowed).isZero();
    assertThat(one.allowed).isEqualTo(1);
  }

  @Test
  void twin_thatTakesOver_getsNoMoreThanIsHeld() {
    var other = start("other", 4);
    other.waiting = 3;
    other.work();
    var one = new Service("one", 4, false);
    services.add(one);
    one.twin = 4;
    one.waiting = 4;
    beat(Duration.ofSeconds(4), other, one);
    assertThat(one.allowed).isEqualTo(1);

    one.isDown = true;
    one.beat();

    assertThat(one.allowed).isZero();
    assertThat(one.twinAllowed).isEqualTo(1);
    assertThat(one.mostAllowed).isEqualTo(1);
  }

  @Test
  void session_thatHasLostItsName_isClearedAwayByOthers() {
    var former = start("one", 4);
    former.waiting = 3;
    former.work();
    former.isDead = true;
    registry.claim(
        new Start("one", UUID.randomUUID().toString(), LEASE, null, List.of()), process -> true);
    var two = start("two", 4);

    beat(LEASE.plusSeconds(4), two);

    assertThat(removed).contains(former.owner);
    assertThat(removed).doesNotContain(two.owner);
  }

  @Test
  void session_thatHasLostItsName_keepsItsSlotsForItsOwnLease() {
    var longLease = Duration.ofSeconds(40);
    var former = new Service("one", 4, longLease, false);
    former.slots.engineKnown();
    registry.claim(
        new Start("one", UUID.randomUUID().toString(), LEASE, null, List.of()), process -> true);
    var two = start("two", 4);
    two.waiting = 4;

    beat(longLease.minusSeconds(2), two);
    assertThat(two.allowed).isZero();
    beat(Duration.ofSeconds(6), two);
    assertThat(two.allowed).isEqualTo(4);
  }

  @Test
  void services_whateverBecomesOfThem_neverRunMoreThanTheEngineMay() {
    for (var seed = 0; seed < 6; seed++) {
      services.forEach(service -> service.slots.close());
      services.clear();
      var random = new Random(seed);
      var limit = 1 + random.nextInt(5);
      var living = new ArrayList<Service>();
      for (var i = 0; i < 3; i++) {
        living.add(new Service("seed-" + seed + "-" + i, limit, false));
      }
      services.addAll(living);
      for (var step = 0; step < 150; step++) {
        timers.advance(Duration.ofMillis(random.nextInt(4) == 0 ? 4000 : 700));
        var which = random.nextInt(living.size());
        var service = living.get(which);
        switch (random.nextInt(24)) {
          case 0 -> service.isPaused = true;
          case 1 -> {
            // Killed, and started again: what it ran goes on until it is swept.
            var again = new Service(service.owner.service(), limit, false);
            service.isDead = true;
            services.add(again);
            living.set(which, again);
          }
          default -> service.waiting += random.nextInt(3);
        }
        for (var other : living) {
          if (other.isPaused && random.nextInt(12) > 0) {
            continue;
          }
          other.isPaused = false;
          // What it was about to do when it was paused comes first.
          other.startGranted();
          if (random.nextInt(3) > 0) {
            other.beat();
          }
          other.grant();
          if (random.nextBoolean()) {
            other.startGranted();
          }
          if (random.nextBoolean()) {
            other.end();
          }
          assertThat(running()).as("seed %d, step %d", seed, step).isLessThanOrEqualTo(limit);
        }
      }
      living.forEach(it -> it.isPaused = false);
      for (var service : living) {
        service.waiting = 50;
      }
      var ran = new int[living.size()];
      for (var round = 0; round < 40; round++) {
        timers.advance(Duration.ofSeconds(2));
        for (var i = 0; i < living.size(); i++) {
          var service = living.get(i);
          service.beat();
          ran[i] += service.containers;
          do {
            // Also with none: those that were removed while it was paused have failed.
            service.end();
          } while (service.containers > 0);
          service.work();
        }
        assertThat(running()).isLessThanOrEqualTo(limit);
      }
      if (limit >= living.size()) {
        // With fewer, turns decide, which are of the database's clock.
        assertThat(ran).as("seed %d", seed).doesNotContain(0);
      }
    }
  }

  /** A service as far as its slots go; its pool has one node, or two of the same engine. */
  private final class Service implements SharedNodes {
    final Owner owner;
    final SharedSlots slots;
    final int most;
    int waiting;
    int allowed;
    long generation;

    /** Generations of leases whose programs are about to be started. */
    final List<Long> granted = new ArrayList<>();

    /** Generations of leases whose programs run, as the service sees it. */
    final List<Long> started = new ArrayList<>();

    /** Those that are there, whatever the service knows. */
    int containers;

    boolean isPaused;
    boolean isDead;
    boolean isDown;
    int twin;
    int twinAllowed;
    int twinUsed;

    /** The most that both together ever had. */
    int mostAllowed;

    /** Runs that begin there right before nothing may begin any more. */
    int twinBegins;

    private final Map<String, NodeConnection> connections = new HashMap<>();

    /** Runs on a node of the same engine that leaves. */
    int leaving;

    /** Its bound. */
    int leftMost;

    @Nullable String twinWhy;

    Service(String name, int most, boolean mayFormerLive) {
      this(name, most, LEASE, mayFormerLive);
    }

    Service(String name, int most, Duration lease, boolean mayFormerLive) {
      this.most = most;
      leftMost = most;
      owner = new Owner(name, UUID.randomUUID().toString());
      registry.claim(new Start(name, owner.session(), lease, null, List.of()), process -> true);
      slots =
          new SharedSlots(
              new SharedSlots.Session(owner, lease, now(), mayFormerLive),
              database.slots(),
              remains(),
              timers,
              SharedSlotsTest.this::now,
              Runnable::run,
              Runnable::run);
      slots.begin(this);
    }

    private SharedSlots.Remains remains() {
      return new SharedSlots.Remains() {
        @Override
        public int count(NodeConnection node, Owner other) {
          return remains(other);
        }

        @Override
        public void remove(NodeConnection node, Owner other) {
          removed.add(other);
        }
      };
    }

    /** Looks on the engine; what is paused or dead for long is swept now and then. */
    private int remains(Owner other) {
      for (var service : services) {
        if (service.owner.equals(other)) {
          if (service.isPaused || service.isDead) {
            service.containers = Math.max(0, service.containers - 1);
          }
          return service.containers;
        }
      }
      return 0;
    }

    void beat() {
      var began = now();
      registry
          .heartbeat(owner.service(), owner.session(), 0)
          .ifPresent(seen -> slots.heard(seen, began, now()));
    }

    int used() {
      return granted.size() + started.size();
    }

    void grant() {
      while (waiting > 0 && used() < allowed) {
        waiting--;
        granted.add(generation);
      }
    }

    /** How many programs it started. */
    int startGranted() {
      var before = containers;
      for (var lease : granted) {
        if (slots.isHeld() && lease == generation) {
          started.add(lease);
          containers++;
        }
      }
      granted.clear();
      return containers - before;
    }

    void work() {
      grant();
      startGranted();
    }

    /** One run ends, if any goes on. */
    void end() {
      // One whose container somebody has removed has failed by now.
      while (started.size() > containers) {
        started.removeFirst();
      }
      if (!started.isEmpty()) {
        started.removeFirst();
        containers--;
      }
    }

    private NodeConnection node(String name) {
      return new NodeConnection(
          new NodeOptions(name, "joyoi", "unix:///none", null, ContainerOptions.DEFAULTS),
          new FakeDockerEngine());
    }

    private Demand demand(
        String name, Availability availability, int most, int allowed, int used, int wanted) {
      return new Demand(
          connections.computeIfAbsent(name, this::node),
          availability,
          generation,
          "engine",
          most,
          allowed,
          used,
          wanted);
    }

    @Override
    public List<Demand> demands() {
      var wanted = Math.min(most, used() + waiting);
      var first =
          demand(
              "node",
              isDown ? Availability.DOWN : Availability.OPEN,
              most,
              allowed,
              used(),
              wanted);
      if (leaving > 0) {
        return List.of(first, demand("old", Availability.LEAVING, leftMost, 0, leaving, leaving));
      }
      return twin == 0
          ? List.of(first)
          : List.of(
              first, demand("twin", Availability.OPEN, twin, twinAllowed, twinUsed, twinUsed));
    }

    @Override
    public void allow(Demand demand, int count, @Nullable String why) {
      if (demand.isLeaving()) {
        assertThat(count).isZero();
      } else if (demand.node().name().equals("twin")) {
        twinWhy = why;
        twinAllowed = count;
        if (count == 0) {
          twinUsed += twinBegins;
          twinBegins = 0;
        }
      } else if (demand.generation() == generation) {
        allowed = count;
      }
      mostAllowed = Math.max(mostAllowed, allowed + twinAllowed);
    }

    @Override
    public void revoke() {
      generation++;
      allowed = 0;
    }
  }
}
