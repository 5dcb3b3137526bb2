package com.joyoi.management.functional.chaos;

import java.util.Random;

/**
 * Something that goes wrong for a while.
 *
 * @param name for the table, and by which it is asked for
 */
record Fault(String name, Strike strike) {
  /** Breaks something, and heals it again before it returns. */
  @FunctionalInterface
  interface Strike {
    void at(World world, Random random) throws Exception;
  }
}
