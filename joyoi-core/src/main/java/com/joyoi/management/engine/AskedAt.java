package com.joyoi.management.engine;

/**
 * Where a program asked for something. What that fails with comes about on another thread, so this
 * is added to it: its stack names the program's line.
 */
final class AskedAt extends Exception {
  private static final long serialVersionUID = 1L;

  AskedAt() {
    super("asked for here");
  }

  void addTo(Throwable failure) {
    failure.addSuppressed(this);
  }
}
