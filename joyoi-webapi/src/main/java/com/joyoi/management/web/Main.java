package com.joyoi.management.web;

import com.joyoi.management.web.cli.JoyoiCommand;

/**
 * Starts the program. Alone of all classes it is compiled for Java 8, so that an old Java can run
 * it, and says in one line what is wrong; so nothing newer than Java 8 stands in it, and it touches
 * no other class before it has looked.
 */
public final class Main {
  /** What the other classes are compiled for. */
  static final int REQUIRED_JAVA = 21;

  /** As for every fault that keeps the program from starting. */
  private static final int FAILED = 2;

  /**
   * Virtual threads are not preemptive: state machines in a busy loop hold a carrier each, so there
   * are more carriers than cores.
   */
  private static final int MIN_CARRIERS = 16;

  private Main() {}

  public static void main(String[] arguments) {
    String java = System.getProperty("java.specification.version");
    if (isTooOld(java)) {
      System.err.println(
          "error: the JoyOI Management Service needs Java "
              + REQUIRED_JAVA
              + " or newer, and this is Java "
              + java
              + " ("
              + System.getProperty("java.home")
              + ")");
      System.exit(FAILED);
    }
    // Before the first virtual thread: the scheduler reads it once.
    String key = "jdk.virtualThreadScheduler.parallelism";
    if (System.getProperty(key) == null) {
      int carriers = Math.max(MIN_CARRIERS, 4 * Runtime.getRuntime().availableProcessors());
      System.setProperty(key, Integer.toString(carriers));
    }
    System.exit(JoyoiCommand.run(arguments));
  }

  /**
   * @param version {@code 1.8}, {@code 9}, {@code 17}
   */
  static boolean isTooOld(String version) {
    return version.startsWith("1.") || Integer.parseInt(version) < REQUIRED_JAVA;
  }
}
