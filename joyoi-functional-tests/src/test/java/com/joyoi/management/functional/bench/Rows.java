package com.joyoi.management.functional.bench;

import java.util.List;

/** All rows, in the order of the table. */
final class Rows {
  private static final String FLOOR = "floor, ms";
  private static final String FLOORS_PER_SECOND = "floor, runs/s";
  private static final String ARCHIVE = "archive, ms";

  /** A few for each node: bounded by what they cost, and more than one run takes. */
  private static final int WARM = 4;

  static final List<Row> ALL =
      List.of(
          new Row(
              "fresh",
              "script actor in a sandbox of its own, no warm one there: latency",
              "ms",
              FLOOR,
              Goal.atMost(1.3, 1.1),
              30,
              Setup.sandboxes("never", 0),
              ActorRows::latency),
          new Row(
              "fresh-8",
              "the same, 8 at once: throughput",
              "runs/s",
              FLOORS_PER_SECOND,
              Goal.atLeast(0.85, 0.95),
              5,
              Setup.sandboxes("never", 0),
              ActorRows::throughput),
          new Row(
              "warm",
              "script actor, warm sandbox: latency",
              "ms",
              FLOOR,
              Goal.atMost(0.2, 0.08),
              30,
              Setup.sandboxes("instance", WARM),
              ActorRows::warm),
          new Row(
              "instance",
              "script actor in a sandbox of its instance: time of a run, 200 one after the other",
              "ms",
              "",
              Goal.atMost(10, 4),
              5,
              Setup.sandboxes("instance", 0),
              ActorRows::ofInstance),
          new Row(
              "actors-100",
              "100 actors of one call, 8 slots",
              "ms",
              ARCHIVE,
              Goal.atMost(0.1, 0.04),
              5,
              Setup.sandboxes("instance", WARM),
              ActorRows::manyOfOneCall),
          new Row(
              "cpp",
              "C++ submission with 20 cases: latency",
              "ms",
              FLOOR,
              Goal.atMost(4, 2),
              10,
              Setup.sandboxes("instance", WARM),
              JudgeRows::cpp),
          new Row(
              "cpp-8-instance",
              "the same, 8 at once: submissions per floor-second, `instance`",
              "submissions/s",
              FLOOR,
              Goal.atLeast(0.45, 0.7),
              4,
              Setup.sandboxes("instance", WARM),
              JudgeRows::cppAtOnce),
          new Row(
              "cpp-8-always",
              "the same, 8 at once: submissions per floor-second, `always`",
              "submissions/s",
              FLOOR,
              Goal.atLeast(0.6, 1),
              4,
              Setup.sandboxes("always", WARM),
              JudgeRows::cppAtOnce),
          new Row(
              "python",
              "Python hello, one case, `always`: latency",
              "ms",
              FLOOR,
              Goal.atMost(0.7, 0.25),
              20,
              Setup.sandboxes("always", WARM),
              JudgeRows::python),
          new Row(
              "instances",
              "instances without actors, put and waited for",
              "1/s",
              "",
              Goal.atLeast(600, 1_500),
              8,
              Setup.WITHOUT_NODE,
              ServiceRows::instances),
          new Row(
              "pool",
              "pool of 1,000 nodes with 100,000 waiting, against 10 with 10: a slot changes hands",
              "ns",
              "10 and 10, ns",
              Goal.atMost(1.5, 1.2),
              5,
              Setup.IN_PROCESS,
              PoolRow::largeAgainstSmall),
          new Row(
              "waiting",
              "10,000 instances waiting for a node: live heap of the service",
              "MB",
              "",
              Goal.atMost(150, 60),
              1,
              Setup.WITHOUT_NODE,
              ServiceRows::waiting),
          new Row(
              "blob-in",
              "1 GB raw blob in, heap of 128 MB",
              "MB/s",
              "",
              Goal.atLeast(100, 250),
              3,
              Setup.WITHOUT_NODE.withJvmOptions("-Xmx128m"),
              ServiceRows::blobIn),
          new Row(
              "blob-out",
              "1 GB raw blob out, heap of 128 MB",
              "MB/s",
              "",
              Goal.atLeast(100, 250),
              3,
              Setup.WITHOUT_NODE.withJvmOptions("-Xmx128m"),
              ServiceRows::blobOut));

  private Rows() {}

  /**
   * Those of some names, in the order of the table; all for none.
   *
   * @throws IllegalArgumentException for a name that no row has
   */
  static List<Row> named(List<String> names) {
    var known = ALL.stream().map(Row::name).toList();
    for (var name : names) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "--rows: there is no row '" + name + "'; the rows are " + String.join(", ", known));
      }
    }
    return ALL.stream().filter(row -> names.isEmpty() || names.contains(row.name())).toList();
  }
}
