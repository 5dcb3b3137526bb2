package com.joyoi.management.client;

import java.time.Duration;

/** Waiting between two attempts; tests do not wait. */
interface Pauser {
  void pause(Duration duration) throws InterruptedException;
}
