package com.joyoi.management.functional.bench;

import com.joyoi.management.functional.bench.Row.Round;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** A large pool against a small one, by JMH, each round in JVMs of its own. */
final class PoolRow {
  private PoolRow() {}

  static Round largeAgainstSmall(Scene scene) {
    return () ->
        Sample.ratio(nanos(scene, 1_000, scene.count(100_000, 1_000)), nanos(scene, 10, 10));
  }

  /** Of one operation. */
  private static double nanos(Scene scene, int nodes, int waiting) throws RunnerException {
    int iterations = scene.count(5, 1);
    var options =
        new OptionsBuilder()
            .include(PoolBenchmark.class.getName() + "\\..*")
            .param("nodes", String.valueOf(nodes))
            .param("waiting", String.valueOf(waiting))
            .forks(1)
            .warmupIterations(iterations)
            .warmupTime(TimeValue.milliseconds(500))
            .measurementIterations(iterations)
            .measurementTime(TimeValue.milliseconds(500))
            .jvmArgsAppend("-Xmx1g", "-XX:+UseSerialGC")
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true)
            .build();
    return new Runner(options).runSingle().getPrimaryResult().getScore();
  }
}
