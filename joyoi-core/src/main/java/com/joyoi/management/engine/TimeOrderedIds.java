package com.joyoi.management.engine;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import java.util.UUID;

/** UUIDv7: ordered by time, so that they index well and sort by age. Thread-safe. */
final class TimeOrderedIds {
  private static final NoArgGenerator GENERATOR = Generators.timeBasedEpochGenerator();

  private TimeOrderedIds() {}

  static UUID next() {
    return GENERATOR.generate();
  }
}
