package com.joyoi.management.web.demo;

import com.joyoi.management.web.demo.DemoPlan.Submission;

/**
 * What came out for one submission.
 *
 * @param verdict the service's word, or {@code (failed)} where judging itself went wrong
 * @param timeMs processor time, negative when unknown
 * @param memoryBytes peak; not above 0 when nothing was run
 * @param message why, may be empty
 */
record Verdict(
    Submission submission, String verdict, long timeMs, long memoryBytes, String message) {
  static final String FAILED = "(failed)";

  static Verdict failed(Submission submission, String why) {
    return new Verdict(submission, FAILED, -1, -1, why);
  }

  boolean isExpected() {
    return verdict.equals(submission.expected());
  }
}
