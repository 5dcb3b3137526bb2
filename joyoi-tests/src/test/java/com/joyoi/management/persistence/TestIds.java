package com.joyoi.management.persistence;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Ids that grow, as the service's own do. */
final class TestIds {
  private static final AtomicLong NEXT = new AtomicLong(1);

  private TestIds() {}

  static UUID next() {
    return new UUID(0x0190_0000_0000_7000L, 0x8000_0000_0000_0000L | NEXT.getAndIncrement());
  }
}
