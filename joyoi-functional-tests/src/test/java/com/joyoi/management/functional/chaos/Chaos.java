package com.joyoi.management.functional.chaos;

import com.joyoi.management.functional.chaos.Round.Outcome;
import com.joyoi.management.functional.chaos.World.Setup;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The program of {@code ./joyoi chaos}, on the test bed that the launcher has started. Exit code 1
 * when a promise was broken, 2 for bad arguments.
 */
public final class Chaos {
  private Chaos() {}

  public static void main(String... arguments) throws Exception {
    ChaosOptions options;
    List<Fault> faults;
    try {
      options = ChaosOptions.parse(arguments);
      faults = options.chosen();
    } catch (IllegalArgumentException e) {
      System.err.println("joyoi: chaos: " + e.getMessage());
      System.exit(2);
      return;
    }
    if (options.list()) {
      faults.forEach(fault -> System.out.println("  " + fault.name()));
      return;
    }
    System.exit(run(options, faults) ? 0 : 1);
  }

  private static boolean run(ChaosOptions options, List<Fault> faults) throws Exception {
    Files.createDirectories(options.out());
    var console =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    console.printf(
        "%d rounds with seed %d; --seed %d repeats them%n",
        options.rounds(), options.seed(), options.seed());
    var rounds = Plan.rounds(options.rounds(), options.seed(), faults);
    var report = new ChaosReport(options, rounds);
    var outcomes = new ArrayList<Outcome>();
    for (int services : List.of(1, 2)) {
      var own =
          rounds.stream()
              .filter(it -> it.services() == services && it.number() >= options.from())
              .toList();
      if (!own.isEmpty()) {
        outcomes.addAll(run(own, services, options, console, report));
      }
    }
    report.write(console);
    return outcomes.stream().allMatch(it -> it.complaints().isEmpty());
  }

  /** In one world, and in a new one after a round that could not be run to its end. */
  private static List<Outcome> run(
      List<Round> rounds,
      int services,
      ChaosOptions options,
      PrintStream console,
      ChaosReport report)
      throws Exception {
    var outcomes = new ArrayList<Outcome>();
    var left = new ArrayDeque<>(rounds);
    while (!left.isEmpty()) {
      var first = left.getFirst();
      var folder = fresh(options.out().resolve("from-round-" + first.number()));
      try (var world = new World(folder, options.jvmOptions(), Setup.of(services))) {
        var goesOn = true;
        while (goesOn && !left.isEmpty()) {
          var outcome = left.removeFirst().run(world);
          outcomes.add(outcome);
          report.tell(outcome, console);
          goesOn = outcome.complaints().isEmpty();
        }
      }
    }
    return outcomes;
  }

  private static Path fresh(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (var files = Files.walk(folder)) {
        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    return Files.createDirectories(folder);
  }
}
