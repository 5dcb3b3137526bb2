package com.joyoi.management.functional.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.joyoi.management.functional.chaos.Checker.Complaint;
import com.joyoi.management.functional.chaos.Round.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/**
 * What came of each round, in a file of one line of JSON each: a run that was cut off can go on
 * where it stopped.
 */
final class RoundsFile {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final List<Round> plan;

  private record Line(
      int number,
      long seed,
      String fault,
      int accepted,
      long faultMillis,
      long recoveryMillis,
      List<String> notes,
      List<Complaint> complaints) {}

  /**
   * @param plan all rounds of the run
   * @param from the first that is run now; what is written of it, and of those behind it, goes
   */
  RoundsFile(Path file, List<Round> plan, int from) throws IOException {
    this.file = file;
    this.plan = plan;
    var before = outcomes().stream().filter(it -> it.round().number() < from).toList();
    Files.deleteIfExists(file);
    for (var outcome : before) {
      add(outcome);
    }
  }

  void add(Outcome outcome) throws IOException {
    var line =
        new Line(
            outcome.round().number(),
            outcome.round().seed(),
            outcome.round().fault().name(),
            outcome.accepted(),
            outcome.faultMillis(),
            outcome.recoveryMillis(),
            outcome.notes(),
            outcome.complaints());
    Files.write(
        file,
        List.of(JSON.writeValueAsString(line)),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  /** Of rounds of this plan; a line of another one counts for nothing. */
  Collection<Outcome> outcomes() throws IOException {
    var outcomes = new TreeMap<Integer, Outcome>();
    for (var text : Files.exists(file) ? Files.readAllLines(file) : new ArrayList<String>()) {
      var line = JSON.readValue(text, Line.class);
      plan.stream()
          .filter(it -> it.number() == line.number() && it.seed() == line.seed())
          .filter(it -> it.fault().name().equals(line.fault()))
          .map(
              it ->
                  new Outcome(
                      it,
                      line.accepted(),
                      line.faultMillis(),
                      line.recoveryMillis(),
                      line.notes(),
                      line.complaints()))
          .forEach(it -> outcomes.put(line.number(), it));
    }
    return outcomes.values();
  }
}
