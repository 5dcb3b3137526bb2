package com.joyoi.management.functional.chaos;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Which rounds there are: the same ones for the same seed. */
final class Plan {
  private Plan() {}

  /** The first half with one service, the other with two; each fault as often as any other. */
  static List<Round> rounds(int count, long seed, List<Fault> faults) {
    var random = new Random(seed);
    var rounds = new ArrayList<Round>();
    var bag = new ArrayList<Fault>();
    for (int number = 1; number <= count; number++) {
      if (bag.isEmpty()) {
        bag.addAll(faults);
        Collections.shuffle(bag, random);
      }
      int services = number <= count / 2 ? 1 : 2;
      rounds.add(new Round(number, random.nextLong(), services, bag.removeLast()));
    }
    return rounds;
  }
}
