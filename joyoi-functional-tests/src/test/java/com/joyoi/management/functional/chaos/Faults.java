package com.joyoi.management.functional.chaos;

import com.joyoi.management.functional.TestBed;
import com.joyoi.management.functional.chaos.TcpProxy.Mode;
import com.joyoi.management.functional.chaos.TcpProxy.Watch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** All faults, of services, nodes, the database, and what connects them. */
final class Faults {
  /** Longer than any lease. */
  private static final long PAST_LEASE_MILLIS = ChaosService.LEASE.toMillis() + 5000;

  private static final long BOUNDARY_SECONDS = 10;

  /** A statement that says where in its work a service is. */
  private record Boundary(String when, String statement) {}

  private static final List<Boundary> BOUNDARIES =
      List.of(
          new Boundary("an instance is created", "INSERT INTO joyoi_instance"),
          new Boundary("a stage begins", "INSERT INTO joyoi_stage_entry"),
          new Boundary("a run begins", "INSERT INTO joyoi_run"),
          new Boundary("a run's place is noted", "UPDATE joyoi_run SET used_node"),
          new Boundary("a run ends", "UPDATE joyoi_run SET status"),
          new Boundary("an instance ends", "INSERT INTO joyoi_callback"),
          new Boundary("a container is made", "INSERT INTO joyoi_container"),
          new Boundary("a container is removed", "DELETE FROM joyoi_container"),
          new Boundary("an output is stored", "INSERT INTO joyoi_blob"),
          new Boundary("a call-back was answered", "UPDATE joyoi_callback SET status"));

  private Faults() {}

  /**
   * @param cluster whether the database is one
   */
  static List<Fault> all(boolean cluster) {
    var all = new ArrayList<Fault>();
    all.addAll(ofServices());
    all.addAll(ofNodes());
    all.addAll(cluster ? ofTheCluster() : ofTheDatabase());
    for (var link : List.of("database", "node", "client")) {
      all.addAll(ofLinks(link));
    }
    return all;
  }

  private static List<Fault> ofServices() {
    var faults = new ArrayList<Fault>();
    faults.add(
        new Fault(
            "service: killed",
            (world, random) -> {
              var service = world.any(random);
              World.pass(random.nextInt(3000));
              service.kill();
              World.pass(random.nextBoolean() ? 0 : PAST_LEASE_MILLIS);
              service.start();
            }));
    for (var boundary : BOUNDARIES) {
      faults.add(
          new Fault(
              "service: killed when " + boundary.when(),
              (world, random) -> killAt(world, random, boundary.statement())));
    }
    faults.add(
        new Fault(
            "service: terminated",
            (world, random) -> {
              var service = world.any(random);
              World.pass(random.nextInt(2000));
              service.terminate();
              service.start();
            }));
    faults.add(
        new Fault(
            "service: paused",
            (world, random) -> {
              var service = world.any(random);
              World.pass(random.nextInt(2000));
              service.signal("STOP");
              World.pass(PAST_LEASE_MILLIS);
              service.signal("CONT");
            }));
    faults.add(new Fault("service: clock an hour ahead", Faults::setClockAhead));
    return faults;
  }

  private static void killAt(World world, Random random, String statement) throws Exception {
    var service = world.any(random);
    var killed = new CountDownLatch(1);
    Runnable kill =
        () -> {
          try {
            service.kill();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          killed.countDown();
        };
    World.pass(random.nextInt(1000));
    var watch = Watch.of(statement, random.nextBoolean(), kill);
    service.databases().forEach(proxy -> proxy.watch(watch));
    if (!killed.await(BOUNDARY_SECONDS, TimeUnit.SECONDS)) {
      world.note("the statement did not come within " + BOUNDARY_SECONDS + " s: killed then");
      service.kill();
    }
    service.heal();
    World.pass(random.nextInt(3) > 0 ? 0 : PAST_LEASE_MILLIS);
    service.start();
  }

  private static void setClockAhead(World world, Random random) throws Exception {
    var service = world.any(random);
    service.terminate();
    service.start(
        Map.of(
            "LD_PRELOAD", System.getProperty("joyoi.faketime", ""),
            "FAKETIME", "+1h",
            "FAKETIME_DONT_FAKE_MONOTONIC", "1",
            "FAKETIME_NO_CACHE", "1"));
    World.pass(3000 + random.nextInt(3000));
    service.kill();
    service.start();
  }

  private static List<Fault> ofNodes() {
    return List.of(
        new Fault("node: engine killed", (world, random) -> restartNode(random, "kill-node")),
        new Fault("node: engine stopped", (world, random) -> restartNode(random, "shut-node")),
        new Fault(
            "node: engine frozen",
            (world, random) ->
                whileBroken(random, "pause-node", "resume-node", 5000 + random.nextInt(40000))),
        new Fault(
            "node: disk full",
            (world, random) -> whileBroken(random, "fill-node", "free-node", 8000)),
        new Fault(
            "node: image gone",
            (world, random) -> whileBroken(random, "hide-image", "show-image", 8000)));
  }

  private static void restartNode(Random random, String how) throws Exception {
    var node = node(random);
    World.pass(random.nextInt(2000));
    TestBed.control(how, node);
    World.pass(random.nextInt(8000));
    TestBed.control("start-node", node);
  }

  private static void whileBroken(Random random, String breaks, String heals, int millis)
      throws Exception {
    var node = node(random);
    World.pass(random.nextInt(1000));
    TestBed.control(breaks, node);
    try {
      World.pass(millis);
    } finally {
      TestBed.control(heals, node);
    }
  }

  private static String node(Random random) {
    return String.valueOf(1 + random.nextInt(World.Setup.NODES));
  }

  private static List<Fault> ofTheDatabase() {
    return List.of(
        new Fault(
            "database: killed",
            (world, random) -> {
              World.pass(random.nextInt(2000));
              TestBed.control("kill-db");
              World.pass(random.nextInt(3000));
              TestBed.control("start-db");
            }),
        new Fault(
            "database: away for longer than the lease",
            (world, random) -> {
              World.pass(random.nextInt(2000));
              TestBed.control("kill-db");
              World.pass(PAST_LEASE_MILLIS + random.nextInt(10000));
              TestBed.control("start-db");
            }),
        new Fault(
            "database: frozen",
            (world, random) ->
                database(random, "pause-db", "resume-db", 3000 + random.nextInt(20000))),
        new Fault(
            "database: read-only",
            (world, random) -> database(random, "read-only-db ON", "read-only-db OFF", 8000)),
        new Fault(
            "database: disk full",
            (world, random) -> database(random, "fill-db", "free-db", 10000)));
  }

  private static List<Fault> ofTheCluster() {
    return List.of(
        new Fault("cluster: node killed", (world, random) -> member(random, "kill", "start")),
        new Fault("cluster: node stopped", (world, random) -> member(random, "shut", "start")),
        new Fault("cluster: node frozen", (world, random) -> member(random, "pause", "resume")));
  }

  private static void member(Random random, String breaks, String heals) throws Exception {
    var member = String.valueOf(1 + random.nextInt(World.cluster().size()));
    World.pass(random.nextInt(2000));
    TestBed.control(breaks + "-galera", member);
    try {
      World.pass(random.nextInt(20_000));
    } finally {
      TestBed.control(heals + "-galera", member);
    }
  }

  private static void database(Random random, String breaks, String heals, int millis)
      throws Exception {
    World.pass(random.nextInt(1000));
    TestBed.control(breaks.split(" "));
    try {
      World.pass(millis);
    } finally {
      TestBed.control(heals.split(" "));
    }
  }

  private static List<Fault> ofLinks(String link) {
    return List.of(
        new Fault(
            link + " link: cut",
            (world, random) -> link(world, link, random, Mode.CUT, 500 + random.nextInt(20000))),
        new Fault(
            link + " link: slow", (world, random) -> link(world, link, random, Mode.DELAY, 8000)),
        new Fault(
            link + " link: blocked",
            (world, random) -> link(world, link, random, Mode.BLOCK, 3000 + random.nextInt(20000))),
        new Fault(
            link + " link: answers lost",
            (world, random) -> link(world, link, random, Mode.SWALLOW, random.nextInt(3000))),
        new Fault(
            link + " link: cut at any byte",
            (world, random) -> {
              var proxy = proxy(world, link, random);
              for (int i = 0; i < 8; i++) {
                proxy.resetAfter(random.nextInt(20_000));
                World.pass(random.nextInt(1000));
              }
              proxy.heal();
            }));
  }

  private static void link(World world, String link, Random random, Mode mode, int millis)
      throws InterruptedException {
    var proxy = proxy(world, link, random);
    World.pass(random.nextInt(1000));
    proxy.enter(mode, 100 + random.nextInt(1500));
    World.pass(millis);
    if (mode == Mode.SWALLOW || random.nextBoolean()) {
      proxy.reset();
    }
    proxy.heal();
  }

  private static TcpProxy proxy(World world, String link, Random random) {
    var service = world.any(random);
    return switch (link) {
      case "database" -> service.databases().get(random.nextInt(service.databases().size()));
      case "node" -> service.node(1 + random.nextInt(World.Setup.NODES));
      default -> service.clients();
    };
  }
}
