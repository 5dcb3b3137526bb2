package com.joyoi.management.web;

import com.joyoi.management.web.cli.JoyoiCommand;

/** Starts the program. */
public final class Main {
  /**
   * Virtual threads are not preemptive: state machines in a busy loop hold a carrier each, so there
   * are more carriers than cores.
   */
  private static final int MIN_CARRIERS = 16;

  private Main() {}

  public static void main(String[] arguments) {
    // Before the first virtual thread: the scheduler reads it once.
    var key = "jdk.virtualThreadScheduler.parallelism";
    if (System.getProperty(key) == null) {
      int carriers = Math.max(MIN_CARRIERS, 4 * Runtime.getRuntime().availableProcessors());
      System.setProperty(key, Integer.toString(carriers));
    }
    System.exit(JoyoiCommand.run(arguments));
  }
}
