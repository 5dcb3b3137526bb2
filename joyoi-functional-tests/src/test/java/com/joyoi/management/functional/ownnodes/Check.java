package com.joyoi.management.functional.ownnodes;

/**
 * What came of one test.
 *
 * @param group of its class, as the report calls it
 * @param name as the report calls it
 * @param detail why it did not pass, else empty
 */
record Check(String group, String name, Outcome outcome, String detail) {
  enum Outcome {
    PASSED,
    FAILED,
    /** The node or the account lacks what was asked for: neither good nor bad in itself. */
    UNABLE
  }
}
