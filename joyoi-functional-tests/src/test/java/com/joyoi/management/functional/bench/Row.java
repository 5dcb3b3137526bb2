package com.joyoi.management.functional.bench;

/**
 * One line of the table.
 *
 * @param name for {@code --rows}
 * @param unit of our value
 * @param reference what is measured in turn with it, and its unit; empty for nothing
 * @param rounds how many there are, unless their time runs out before
 */
record Row(
    String name,
    String title,
    String unit,
    String reference,
    Goal goal,
    int rounds,
    Setup setup,
    Script script) {

  /** Prepares the rounds: definitions, inputs, and a first time that warms up. */
  interface Script {
    Round prepare(Scene scene) throws Exception;
  }

  /** Ours and then its reference, once. */
  interface Round {
    Sample run() throws Exception;
  }
}
